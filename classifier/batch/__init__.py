"""Batch scoring: files of reported accounts in, a file of answers out, one row for one row and in order.

One file a step. Rows are read (``classifier.importers``) and cut into ``chunks``; an engine lets ``score_rows`` answer
them with a ``snapshot`` of model and registry; the ``checkpoint`` keeps what is answered, so that a run can be resumed.
When all is answered, ``finalize`` counts it (``summary``), holds back what the ``volume_cap`` forbids, finds
``campaigns``, and lets ``writers`` write the output under its name. A batch says what the policy would say and never
issues a clearance. ``dataframes`` does the same for a frame, and is imported by name: pandas takes a third of a second.
Imports what serves: ``scoring``, ``model_store``, ``storage`` and below.
"""

from classifier.batch.run import Batch, Progress, score_files
from classifier.batch.score_rows import SCHEMA, SHADOW
from classifier.batch.summary import Summary
from classifier.batch.volume_cap import VolumeCap

__all__ = ["SCHEMA", "SHADOW", "Batch", "Progress", "Summary", "VolumeCap", "score_files"]
