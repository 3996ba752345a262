"""Uploads: files of reported accounts that the console scores in the background. No FastAPI here.

``jobs`` keeps what was uploaded and how far it is, as files below the home directory. ``runner`` lets one job at a time
be scored by a process of its own (``worker``, started by ``__main__``), which gives way to the service, so that checks
keep their milliseconds. ``spreadsheets`` makes of the answers what people open, ``row_file`` what pages look
through by ``row_search``. Imports ``classifier.batch``, ``records``, ``auth`` and ``settings``.

Rules:

1. Uploaded accounts and their answers are in the home directory and nowhere else, and for hours only.
2. A home scores one upload at a time, however many workers and services there are.
3. Nothing is lost: a process that is stopped or dies goes on where it was, at the next start.
4. An upload is done when the log has it. It never issues a clearance.
"""
