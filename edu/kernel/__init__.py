"""Pure values that every app shares: no Django, no database, no clock of the machine hidden inside."""
