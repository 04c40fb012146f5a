"""Networks of scikit-learn, which skops keeps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lesson.importing.inference import work_out
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling
from network.digits import Digits


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("activation", ["logistic", "relu", "tanh"])
@pytest.mark.parametrize("scaler", [False, True])
def test_scikit_learn(activation: str, scaler: bool, digits: Digits, tmp_path: Path) -> None:
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from skops import io as skops

    classifier = MLPClassifier((6, 5), activation=activation, max_iter=60, random_state=1, learning_rate_init=0.01)
    model = make_pipeline(StandardScaler(), classifier) if scaler else classifier
    vectors = 16 * digits.vectors.astype(float)
    model.fit(vectors, np.array(digits.class_names)[digits.labels])
    skops.dump(model, tmp_path / "x.skops")
    found = read_model(tmp_path / "x.skops")
    assert found.class_names == ("one", "three", "two")
    sorted_names = Digits(digits.images, np.array([0, 2, 1])[digits.labels], found.class_names)
    done = work_out(found, sorted_names, sorted_names, scaling=Scaling("0 to 16", 16, 0))
    assert done.difference is not None and done.difference < 1e-4
    theirs = np.array([found.class_names.index(name) for name in model.predict(vectors)])
    assert (done.network.classify(digits.vectors) == theirs).all()


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_two_classes_of_scikit_learn_have_two_outputs_here(digits: Digits, tmp_path: Path) -> None:
    from sklearn.neural_network import MLPClassifier
    from skops import io as skops

    two = Digits(digits.images, digits.labels // 2, ("few", "many"))
    classifier = MLPClassifier((5,), max_iter=60, random_state=1, learning_rate_init=0.01).fit(two.vectors, two.labels)
    skops.dump(classifier, tmp_path / "x.skops")
    done = work_out(read_model(tmp_path / "x.skops"), two, two, scaling=Scaling("0 to 1", 1, 0))
    np.testing.assert_allclose(done.network.predict(two.vectors), classifier.predict_proba(two.vectors), atol=1e-4)


def test_scikit_learn_that_is_no_network(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from skops import io as skops

    skops.dump(LogisticRegression(), tmp_path / "x.skops")
    with pytest.raises(ImportRefused, match="holds a LogisticRegression"):
        read_model(tmp_path / "x.skops")
