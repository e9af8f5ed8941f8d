"""What the API announces. Payloads hold strings only."""

KEY_MADE = "api.key.made"  # {key_uuid, scopes: [...]}
KEY_REVOKED = "api.key.revoked"  # {key_uuid}
