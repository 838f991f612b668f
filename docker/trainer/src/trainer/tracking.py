"""Records runs in MLflow if ``MLFLOW_TRACKING_URI`` is set; does nothing otherwise.

See Also:
    https://mlflow.org/docs/latest/ml/tracking/ for the environment that the client reads, such as
    ``MLFLOW_EXPERIMENT_NAME`` and ``MLFLOW_RUN_ID`` (several steps record in one run).
"""

import os
import sys
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from .errors import InvalidInput
from .logs import event


def record(run_name: str, params: dict[str, Any], metrics: dict[str, Any], tags: dict[str, Any], folder: Path) -> str:
    """Record one step with the files of ``folder`` as artifacts.

    Returns:
        The run's id, or an empty text if no tracking server is set.
    """
    server = os.environ.get("MLFLOW_TRACKING_URI")
    if not server:
        return ""
    try:
        mlflow = import_module("mlflow")
    except ImportError:
        raise InvalidInput(
            "MLFLOW_TRACKING_URI: is set but the MLflow client is not installed (got no module mlflow); install the "
            "extra trainer[mlflow] or unset the variable"
        ) from None
    try:
        # The client prints links to standard output, which is for results.
        with redirect_stdout(sys.stderr), mlflow.start_run(run_name=run_name) as run:
            mlflow.log_params(params)
            mlflow.log_metrics({name: float(value) for name, value in metrics.items()})
            mlflow.set_tags(tags)
            mlflow.log_artifacts(str(folder), artifact_path=run_name)
    except Exception as problem:
        # The client raises its own exceptions, those of requests and of its artifact stores.
        reason = " ".join(str(problem).split())[:300]
        raise InvalidInput(
            f"MLFLOW_TRACKING_URI: the run was not recorded ({reason}); {folder} is complete, run the step again when "
            "the server answers"
        ) from None
    event("recorded in MLflow", run=run.info.run_id)
    return run.info.run_id
