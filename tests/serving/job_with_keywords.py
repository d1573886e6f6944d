"""A job process whose model is ``KeywordPredictor``: for tests that kill it."""

import sys
import time

import models.checkpoint
from serving import job_process
from tests.fakes import KeywordPredictor


class SlowPredictor(KeywordPredictor):
    def predict(self, texts, *, on_progress=None):  # type: ignore[no-untyped-def]
        time.sleep(float(sys.argv[3]))
        return super().predict(texts, on_progress=on_progress)


def load_predictor(model, *, runtime):  # type: ignore[no-untyped-def]
    return SlowPredictor()


if __name__ == "__main__":
    models.checkpoint.load_predictor = load_predictor
    raise SystemExit(job_process.main(sys.argv[1], sys.argv[2]))
