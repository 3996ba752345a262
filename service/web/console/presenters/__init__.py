"""Presenters: an answer turned into what a page shows. They read no database and know no request."""
