"""How pages look: template tags, shared values of components, display settings, the styleguide."""
