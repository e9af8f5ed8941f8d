"""What stands before a page that only some may see; the identity middleware turns both into a redirect."""


class SignInNeeded(Exception):
    """Nobody is signed in: the visitor is led to the sign-in page and back."""


class SecondFactorNeeded(Exception):
    """The identity's role asks for a second factor that this session has not shown."""
