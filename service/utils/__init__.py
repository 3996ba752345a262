"""Small tools of the service: microbatching, JSON logs, metrics, the clock, strict JSON."""
