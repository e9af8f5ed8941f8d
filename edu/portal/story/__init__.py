"""The demo's story: one student's credit from another university's course to a certificate, told by real actions."""
