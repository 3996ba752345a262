"""The service around the classifier: HTTP interface and console. Imports ``classifier``, never the reverse."""
