"""The usual way to serve such a model: FastAPI, uvicorn, and a scikit-learn pipeline from joblib.

usage: fastapi_server.py PIPELINE PORT
"""

import sys
import time
from datetime import UTC, datetime

import joblib
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field

pipeline = joblib.load(sys.argv[1])
app = FastAPI()


class PredictRequest(BaseModel):
    """As in docker/inference."""

    text: str = Field(min_length=1, max_length=20_000, pattern=r"\S")


class Prediction(BaseModel):
    """As in docker/inference."""

    text: str
    sentiment: str
    confidence: float
    processing_time_ms: float
    timestamp: str
    model_version: str


@app.get("/ready")
async def ready() -> dict[str, str]:
    """Answer that the pipeline is loaded."""
    return {"status": "ready"}


# Not a plain `def`: FastAPI would hand each request to a thread, which is slower for work this short.
@app.post("/predict")
async def predict(request: PredictRequest) -> Prediction:
    """Score one text."""
    start = time.perf_counter()
    score = float(pipeline.predict_proba([request.text])[0, 1])
    elapsed = time.perf_counter() - start
    return Prediction(
        text=request.text,
        sentiment="positive" if score >= 0.5 else "negative",
        confidence=max(score, 1 - score),
        processing_time_ms=round(elapsed * 1000, 3),
        timestamp=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        model_version="v1.0.0",
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), access_log=False, log_level="warning")
