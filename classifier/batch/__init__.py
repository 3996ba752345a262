"""Batch scoring: files of reported accounts in, a file of answers out, one row for one row and in order.

The flow, one file a step: rows are read (``classifier.importers``) and cut into ``blocks``; an engine (``local`` or
``spark``) lets ``answers`` answer them with a ``kit``; the ``journal`` keeps what is answered, so that a run can be
resumed; when all is answered, ``finishing`` counts, holds back what ``volume`` forbids, finds ``campaigns``, and writes
(``writing``) the output under its name, complete. A batch says what the policy would say and never issues a clearance.
"""

from classifier.batch.dataframes import score_frame
from classifier.batch.run import Batch, Progress, score_files
from classifier.batch.score_rows import SCHEMA, SHADOW
from classifier.batch.summary import Summary
from classifier.batch.volume_cap import VolumeCap

__all__ = ["SCHEMA", "SHADOW", "Batch", "Progress", "Summary", "VolumeCap", "score_files", "score_frame"]
