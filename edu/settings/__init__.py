"""Settings: base for everyone, demo and test on embedded parts, production by environment alone."""
