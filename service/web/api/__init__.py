"""The routes, by what they are about: thin layers over ``service.decisions.check_service``."""
