"""Who answers under /api/v1/: apps above register routers in `AppConfig.ready`, and this app knows none of them."""

from ninja import Router

_routers: dict[str, Router] = {}


def register(prefix: str, router: Router) -> None:
    """Offer a router under /api/v1/<prefix>/; ValueError when another router has the prefix."""
    if _routers.get(prefix, router) is not router:
        raise ValueError(f"Two routers want /api/v1/{prefix}.")
    _routers[prefix] = router


def routers() -> list[tuple[str, Router]]:
    """Return every router with its prefix, in the order of the prefixes."""
    return sorted(_routers.items())
