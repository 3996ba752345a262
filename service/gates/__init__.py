"""Gates: Doublecheck in front of a platform's suspend button, one process a platform.

A gate takes what a platform wants done, asks the service, waits for the reviewers, reads the account again, redeems the
clearance, acts once and reports back. It holds the platform's credential, which the service never sees, and is a client
of the HTTP interface like any other. One file a step: ``book`` remembers, ``worker`` takes each case on, ``listener``
takes webhooks, ``run`` keeps both going; each platform has a file of its own that keeps to ``platform.Platform``.

Rules:

1. No action without a clearance that was redeemed for it, and none twice: what is about to be done is on disk before.
2. Nothing that was accepted is lost: it is on disk before it is answered. What waits is visible.
3. A gate never approves and is nobody's second person: it passes on which person acts.
4. Whatever is unknown, unsigned, late or contradictory leads to no action.
"""
