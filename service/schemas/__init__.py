"""Wire models: what the HTTP interface takes and gives."""
