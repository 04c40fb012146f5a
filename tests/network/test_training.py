from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network import Network
from network.digits import Digits
from network.distortion import Distortion
from network.gradients import cost, one_hot
from network.training import EpochReport, TrainingSettings, best_of, snapshot_steps, train

MakeDigits = Callable[..., Digits]
QUICK = TrainingSettings(epochs=4, batch_size=16, learning_rate=0.02, validation=12, snapshots=6)


def a_run(digits: Digits, settings: TrainingSettings = QUICK, seed: int = 5) -> list[EpochReport]:
    rng = np.random.default_rng(seed)
    network = Network.random([digits.side**2, 6, len(digits.class_names)], rng)
    return list(train(network, digits, settings, rng))


@pytest.mark.parametrize("optimiser", ["muon", "adam", "sgd"])
@pytest.mark.parametrize("distortion", [None, Distortion()], ids=["plain", "distorted"])
@pytest.mark.parametrize("averaging", [0, 0.9])
def test_one_seed_gives_the_same_run_bit_for_bit(
    make_digits: MakeDigits, optimiser: str, distortion: Distortion | None, averaging: float
) -> None:
    settings = replace(QUICK, optimiser=optimiser, distortion=distortion, averaging=averaging)
    first, second = a_run(make_digits(), settings), a_run(make_digits(), settings)
    assert [r.cost for r in first] == [r.cost for r in second]
    assert first[-1].network.parameters().tobytes() == second[-1].network.parameters().tobytes()
    shots = [[s.parameters.tobytes() for r in run for s in r.snapshots] for run in (first, second)]
    assert shots[0] == shots[1]


def test_another_seed_gives_another_network(make_digits: MakeDigits) -> None:
    one, other = a_run(make_digits()), a_run(make_digits(), seed=6)
    assert not np.array_equal(one[-1].network.parameters(), other[-1].network.parameters())


def test_the_network_given_is_not_changed(make_digits: MakeDigits) -> None:
    digits, rng = make_digits(), np.random.default_rng(0)
    network = Network.random([64, 6, 3], rng)
    before = network.parameters()
    reports = list(train(network, digits, QUICK, rng))
    assert np.array_equal(network.parameters(), before)
    assert np.array_equal(reports[0].network.parameters(), before)
    assert not np.array_equal(reports[-1].network.parameters(), before)


@pytest.mark.parametrize("centring", [False, True])
@pytest.mark.parametrize("optimiser", ["muon", "adam", "sgd"])
@pytest.mark.parametrize("cost", ["squared_error", "cross_entropy", "softmax_cross_entropy"])
def test_it_learns(make_digits: MakeDigits, optimiser: str, cost: str, centring: bool) -> None:
    rate = {"muon": 0.2, "adam": 0.02, "sgd": 1.0}[optimiser]
    settings = replace(QUICK, epochs=30, optimiser=optimiser, learning_rate=rate, cost=cost, centring=centring)
    reports = a_run(make_digits(180), settings)
    assert reports[-1].cost < reports[0].cost / 2
    assert reports[-1].validation_accuracy > 0.9


def test_adam_makes_the_steps_of_its_paper(make_digits: MakeDigits) -> None:
    # The formulas of Kingma and Ba, word for word, in float64.
    from network.training import _Adam

    rng = np.random.default_rng(0)
    knobs = rng.normal(size=20)
    ours, m, v = knobs.copy(), np.zeros(20), np.zeros(20)
    adam = _Adam([4, 4], np.float64)
    for t in range(1, 30):
        g = rng.normal(size=20)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        knobs = knobs - 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        ours -= adam.change(g.copy(), 0.01)
    np.testing.assert_allclose(ours, knobs, rtol=1e-10)


def test_centring_is_plain_descent_in_the_centred_knobs(make_digits: MakeDigits) -> None:
    # In W and d = b + W c the layer is W (a − c) + d; one step of plain descent there, put back into W and b.
    from network.gradients import gradients, one_hot

    digits, rng = make_digits(16), np.random.default_rng(0)
    network = Network.random([64, 3], rng, dtype=np.float64)
    settings = replace(
        QUICK, epochs=1, validation=0, optimiser="sgd", learning_rate=0.1, schedule="constant", centring=True
    )
    after = list(train(network, digits, settings, rng))[-1].network.layers[0]
    ((slope_w, slope_b),) = gradients(network, digits.vectors, one_hot(digits.labels, 3, np.float64), settings.cost)
    c = digits.vectors.mean(axis=0, dtype=np.float64)
    layer = network.layers[0]
    weights = layer.weights - 0.1 * (slope_w - np.outer(slope_b, c))
    shifted = layer.biases + layer.weights @ c - 0.1 * slope_b
    np.testing.assert_allclose(after.weights, weights, atol=1e-6)
    np.testing.assert_allclose(after.biases, shifted - weights @ c, atol=1e-6)


def test_weight_decay_shrinks_weights_and_no_biases(make_digits: MakeDigits) -> None:
    digits = make_digits(16)
    one, other = (
        list(
            train(
                Network.random([64, 3], np.random.default_rng(0), dtype=np.float64),
                digits,
                replace(QUICK, epochs=1, validation=0, schedule="constant", learning_rate=0.1, weight_decay=decay),
                np.random.default_rng(0),
            )
        )
        for decay in (0.0, 0.5)
    )
    start = one[0].network.layers[0]
    plain, decayed = one[-1].network.layers[0], other[-1].network.layers[0]
    np.testing.assert_allclose(plain.weights - decayed.weights, 0.05 * start.weights, atol=1e-7)
    assert np.array_equal(plain.biases, decayed.biases)


def test_penalties_act_on_the_first_layers_weights_beside_the_optimiser(make_digits: MakeDigits) -> None:
    from network.penalties import gathered, smoothed

    digits = make_digits(16)
    plain, penalised = (
        list(
            train(
                Network.random([64, 4, 3], np.random.default_rng(0), dtype=np.float64),
                digits,
                replace(QUICK, epochs=1, validation=0, schedule="constant", learning_rate=0.1, **strengths),
                np.random.default_rng(0),
            )
        )
        for strengths in ({}, {"smoothness": 0.3, "locality": 2.0})
    )
    (one, second), (other, other_second) = (run[-1].network.layers for run in (plain, penalised))
    np.testing.assert_allclose(other.weights, gathered(smoothed(one.weights, 0.1 * 0.3), 0.1 * 2.0), atol=1e-12)
    assert np.array_equal(one.biases, other.biases)
    assert np.array_equal(second.weights, other_second.weights)


@given(rows=st.integers(1, 6), extra=st.integers(0, 20), seed=st.integers(0, 2**32 - 1))
def test_orthonormal_is_the_nearest_matrix_of_orthonormal_rows(rows: int, extra: int, seed: int) -> None:
    from network.training import orthonormal

    rng = np.random.default_rng(seed)
    left, _, right = np.linalg.svd(rng.normal(size=(rows, rows + extra)), full_matrices=False)
    matrix = left @ np.diag(rng.uniform(0.5, 2, rows)) @ right
    np.testing.assert_allclose(orthonormal(matrix), left @ right, atol=1e-4)
    assert np.isfinite(orthonormal(np.zeros((rows, rows + extra), np.float32))).all()


def test_a_knob_without_a_slope_stays_where_it_is() -> None:
    from network.training import _Adam

    knobs = np.ones(4, np.float32)
    adam = _Adam([1, 2], np.float32)
    for _ in range(50):
        knobs -= adam.change(np.array([0, 1, 0, -1], np.float32), 0.01)
    assert knobs[0] == knobs[2] == 1
    assert knobs[1] < 1 < knobs[3]


def test_validation_images_are_never_trained_on(make_digits: MakeDigits) -> None:
    # Were the labels of held-out images seen, making nonsense of them would change the run.
    digits = make_digits()
    rng = np.random.default_rng(5)
    Network.random([64, 6, 3], rng)
    held_out = rng.spawn(3)[0].permutation(len(digits))[: QUICK.validation]
    labels = digits.labels.copy()
    labels[held_out] = (labels[held_out] + 1) % 3
    one, other = a_run(digits), a_run(Digits(digits.images, labels, digits.class_names))
    assert np.array_equal(one[-1].network.parameters(), other[-1].network.parameters())
    assert one[-1].cost != other[-1].cost


def test_best_is_by_validation_then_by_cost(make_digits: MakeDigits) -> None:
    network = Network.random([2, 1], np.random.default_rng(0))
    reports = [
        EpochReport(e, cost, 1, acc, network) for e, (cost, acc) in enumerate([(3, 0.5), (2, 0.9), (1, 0.9), (0, 0.8)])
    ]
    assert best_of(reports).epoch == 2
    without = [replace(report, validation_accuracy=np.nan) for report in reports]
    assert best_of(without).epoch == 3
    assert np.isnan(a_run(make_digits(), replace(QUICK, validation=0))[-1].validation_accuracy)


@given(steps=st.integers(0, 5000), count=st.integers(0, 60))
def test_snapshots_are_denser_at_the_start(steps: int, count: int) -> None:
    moments = snapshot_steps(steps, count)
    assert moments == sorted(set(moments))
    assert len(moments) <= max(count, 2)
    if not count:
        assert moments == []
        return
    assert (moments[0], moments[-1]) == (0, steps)
    gaps = np.diff(moments)
    assert all(later >= earlier - 1 for earlier, later in zip(gaps, gaps[1:], strict=False))  # rounding takes up to 1


def test_snapshots_tell_the_run_from_the_first_knobs_to_the_last(make_digits: MakeDigits) -> None:
    reports = a_run(make_digits())
    shots = [shot for report in reports for shot in report.snapshots]
    assert [shot.step for shot in shots] == snapshot_steps(12, QUICK.snapshots)  # 48 images are 3 steps an epoch
    assert [shot.epoch for shot in shots] == [shot.step / 3 for shot in shots]
    assert np.array_equal(shots[0].parameters, reports[0].network.parameters())
    assert np.array_equal(shots[-1].parameters, reports[-1].network.parameters())
    assert [report.step for report in reports] == [0, 3, 6, 9, 12]


@pytest.mark.parametrize("validation", [0, 1501])
def test_a_report_judges_every_image_once(make_digits: MakeDigits, validation: int) -> None:
    # 1501 images are four batches, the last of one image; two threads share them.
    digits = make_digits(1501 + validation)
    settings = replace(QUICK, epochs=0, validation=validation)
    rng = np.random.default_rng(0)
    network = Network.random([64, 6, 3], rng)
    (report,) = train(network, digits, settings, rng)
    kept = np.random.default_rng(0)
    Network.random([64, 6, 3], kept)
    order = kept.spawn(3)[0].permutation(len(digits))
    judged, trained = digits.subset(order[:1501]), digits.subset(order[validation:])
    whole = cost(network, judged.vectors, one_hot(judged.labels, 3), settings.cost)
    assert report.cost == pytest.approx(whole, rel=1e-6)
    assert report.train_accuracy == np.mean(network.classify(trained.vectors) == trained.labels)


def test_no_epochs_report_only_the_start(make_digits: MakeDigits) -> None:
    reports = a_run(make_digits(), replace(QUICK, epochs=0))
    assert [report.epoch for report in reports] == [0]


def test_what_cannot_be_trained_is_refused_before_any_work(make_digits: MakeDigits) -> None:
    digits, rng = make_digits(), np.random.default_rng(0)
    with pytest.raises(ValueError, match="the network takes 9 numbers; the images have 8×8 pixels"):
        next(train(Network.random([9, 3], rng), digits, QUICK, rng))
    with pytest.raises(ValueError, match="the network has 4 outputs; the data has 3 classes"):
        next(train(Network.random([64, 4], rng), digits, QUICK, rng))
    with pytest.raises(ValueError, match="of 60 images, 60 cannot be set aside"):
        next(train(Network.random([64, 3], rng), digits, replace(QUICK, validation=60), rng))


def test_a_cost_that_explodes_is_told(make_digits: MakeDigits) -> None:
    digits, rng = make_digits(), np.random.default_rng(0)
    network = Network.random([64, 6, 3], rng, "relu", "identity")
    settings = replace(QUICK, epochs=50, optimiser="sgd", learning_rate=1e4, cost="squared_error")
    with pytest.raises(ValueError, match="use a lower learning rate"):
        list(train(network, digits, settings, rng))


@pytest.mark.parametrize(
    ("field", "value"),
    [("epochs", -1), ("batch_size", 0), ("learning_rate", 0), ("learning_rate", float("nan")), ("averaging", 1),
     ("optimiser", "newton"), ("schedule", "linear"), ("weight_decay", -0.1), ("cost", "hinge"), ("competition", -1),
     ("smoothness", -1), ("locality", float("inf"))],
)  # fmt: skip
def test_impossible_settings_are_refused_by_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        TrainingSettings(**{field: value})
