"""The routes, by what they are about: thin layers over ``service.desk``."""
