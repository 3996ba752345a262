"""The server: opens home, registry and model, and runs the workers."""
