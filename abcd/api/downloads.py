"""Files to take away."""

from starlette.routing import Route

ROUTES: list[Route] = []
