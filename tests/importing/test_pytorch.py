"""PyTorch's files are read without running what is in them."""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lesson.importing.inference import sums
from lesson.importing.model import ImportRefused, apply
from lesson.importing.readers import read_model
from lesson.importing.trying import Scaling
from network.digits import Digits
from tests.importing.conftest import agrees, arrays_of


@pytest.mark.slow
@pytest.mark.needs("pytorch")
def test_torch_state_dicts_and_nothing_that_runs(trained: Any, digits: Digits, tmp_path: Path) -> None:
    import torch

    layers: list[Any] = []
    for w, b in arrays_of(trained("sigmoid")):
        layer = torch.nn.Linear(w.shape[1], len(w))
        layer.weight.data, layer.bias.data = torch.tensor(w), torch.tensor(b)
        layers += [layer, torch.nn.Sigmoid()]
    module = torch.nn.Sequential(*layers)
    torch.save(module.state_dict(), tmp_path / "x.pt")
    agrees(tmp_path / "x.pt", trained("sigmoid"), digits, False)
    optimiser = torch.optim.Adam(module.parameters())
    module(torch.zeros(1, 64)).sum().backward()
    optimiser.step(lambda: None)
    run = {"net": module.state_dict(), "epoch": 3, "optimizer": optimiser.state_dict(), "args": {"lr": 0.1}}
    torch.save(run | {"options": argparse.Namespace(seed=1)}, tmp_path / "run.pth")
    torch.save({"pytorch-lightning_version": "2", "state_dict": module.state_dict(), "loops": {}}, tmp_path / "x.ckpt")
    for name in ("run.pth", "x.ckpt"):
        agrees(tmp_path / name, trained("sigmoid"), digits, False)
    torch.save({"actor": module.state_dict(), "critic": module.state_dict()}, tmp_path / "two.pt")
    with pytest.raises(ImportRefused, match=r"several networks \(actor, critic\)"):
        read_model(tmp_path / "two.pt")
    torch.save(module, tmp_path / "whole.pt")
    with pytest.raises(ImportRefused, match="state_dict"):
        read_model(tmp_path / "whole.pt")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")  # PyTorch's own; people's files stay
def test_torchscript_is_run_and_only_if_its_code_is_harmless(digits: Digits, tmp_path: Path) -> None:
    import torch

    torch.manual_seed(1)
    nn = torch.nn
    norm = nn.BatchNorm1d(7)
    norm.running_mean += torch.rand(7)
    norm.running_var *= 1 + torch.rand(7)
    plain = nn.Sequential(
        *(nn.Flatten(), nn.Linear(64, 7), norm, nn.LeakyReLU(0.3), nn.Dropout(), nn.Linear(7, 6), nn.Hardtanh()),
        *(nn.Linear(6, 5), nn.GELU(), nn.Linear(5, 3), nn.Softmax(1)),
    ).eval()
    for made in (torch.jit.script(plain), torch.jit.trace(plain, torch.zeros(1, 1, 8, 8))):
        made.save(tmp_path / "x.pt")
        model = read_model(tmp_path / "x.pt")
        assert [one.function for one in model.layers] == ["leaky_relu(0.3)", "hard_tanh", "gelu", "softmax"]
        found = apply("softmax", sums(model, digits.vectors, Scaling("", 1, 0)))
        assert model.run is not None
        np.testing.assert_allclose(found, model.run(digits.vectors), atol=1e-5)

    class Skip(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = nn.Linear(64, 5), nn.Linear(5, 5), nn.Linear(5, 3)

        def forward(self, x: Any) -> Any:
            h = torch.relu(self.a(x))
            return self.c(h + torch.relu(self.b(h)))

    torch.jit.trace(Skip(), torch.zeros(1, 64)).save(tmp_path / "s.pt")
    with pytest.raises(ImportRefused, match="a skip connection"):
        read_model(tmp_path / "s.pt")

    for code, said in (
        ("torch.from_file('/etc/hostname', size=1)", "from_file"),
        ("x.save('/tmp/x')", "save"),
        ("ops.aten.save(x, 'x')", "ops"),
        ("torch", "torch"),
        ("[y for y in [x]]", "for"),
    ):
        with zipfile.ZipFile(tmp_path / "bad.pt", "w") as archive:
            archive.writestr("bad/constants.pkl", b"")
            archive.writestr("bad/code/__torch__.py", f"def forward(self, x: Tensor) -> Tensor:\n  return {code}\n")
        with pytest.raises(ImportRefused, match=f"uses {said}, which a network"):
            read_model(tmp_path / "bad.pt")


@pytest.mark.slow
@pytest.mark.needs("pytorch")
def test_exported_programs_that_are_no_chain_of_layers(tmp_path: Path) -> None:
    import torch

    class Net(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, end: Callable[[Any, Any], Any]) -> None:
            super().__init__()
            self.a, self.b, self.c = (torch.nn.Linear(n, 6) for n in (64, 6, 6))
            self.end = end

        def forward(self, x: Any) -> Any:
            h = torch.relu(self.a(x))
            return self.end(self.c(h), torch.relu(self.b(h)))

    ends: list[tuple[Callable[[Any, Any], Any], str]] = [
        (lambda one, other: one + other, "a skip connection, which adds two signals"),
        (lambda one, other: torch.cat([one, other], 1), "a step of the kind cat"),
        (lambda one, other: (one, other), "gives 2 outputs"),
        (lambda one, other: one * 1, "a mul between its layers"),
    ]
    for end, said in ends:
        torch.export.save(torch.export.export(Net(end), (torch.zeros(1, 64),)), tmp_path / "x.pt2")
        with pytest.raises(ImportRefused, match=said):
            read_model(tmp_path / "x.pt2")
