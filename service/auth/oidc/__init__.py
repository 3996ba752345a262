"""Signing in with the organisation's own provider: OpenID Connect, authorization code flow with PKCE. No FastAPI here.

What the provider says of a person becomes a key like others (``stand_in_keys``), so that all rules for keys hold.
It takes ``doublecheck[oidc]`` (authlib), which ``provider`` and ``id_token`` import.
"""
