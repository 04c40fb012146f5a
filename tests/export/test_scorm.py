"""SCORM packages: what course systems look for is there, and nothing that a page needs is missing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lesson.export.folder import read_manifest
from network.checkpoint import Checkpoint
from scenes.licence import licence
from scenes.syllabus import Part
from tests.export.conftest import HOSTILE, export_to, snapshot
from tests.export.test_pages import Page

NAMESPACES = {
    "": "http://www.imsproject.org/xsd/imscp_rootv1p1p2",
    "adlcp": "http://www.adlnet.org/xsd/adlcp_rootv1p2",
    "imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
}


@pytest.fixture
def packaged(clips: list[tuple[Part, Path]], checkpoint: Checkpoint, tmp_path: Path) -> Path:
    return export_to(tmp_path / "e", clips, checkpoint, scorm=True)


@pytest.mark.parametrize("name", ["scorm.zip", "BarDetector/scorm.zip"])
def test_a_package_is_one_that_course_systems_take(name: str, packaged: Path, checkpoint: Checkpoint) -> None:
    with zipfile.ZipFile(packaged / name) as archive:
        names = archive.namelist()
        assert names[0] == "imsmanifest.xml", "at the top of the archive"
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
        page = archive.read("index.html").decode()
    assert manifest.tag == f"{{{NAMESPACES['']}}}manifest"
    told = {
        path: manifest.findtext(path, namespaces=NAMESPACES) for path in ("metadata/schema", "metadata/schemaversion")
    }
    assert list(told.values()) == ["ADL SCORM", "1.2"]
    (organization,) = manifest.findall("organizations/organization", NAMESPACES)
    assert manifest.find("organizations", NAMESPACES).get("default") == organization.get("identifier")
    (item,) = organization.findall("item", NAMESPACES)
    (resource,) = manifest.findall("resources/resource", NAMESPACES)
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("type"), resource.get(f"{{{NAMESPACES['adlcp']}}}scormtype")) == ("webcontent", "sco")
    assert resource.get("href") == "index.html"
    assert [file.get("href") for file in resource.findall("file", NAMESPACES)] == names[1:]
    identifiers = [one.get("identifier") for one in manifest.iter() if one.get("identifier")]
    assert len(set(identifiers)) == len(identifiers)
    rights = manifest.findtext(".//imsmd:rights/imsmd:description/imsmd:langstring", namespaces=NAMESPACES)
    what = "these clips and pages" if name == "scorm.zip" else "this clip and this page"
    assert rights == licence(checkpoint.metadata.data_name, [], what)
    title = item.findtext("title", namespaces=NAMESPACES)
    assert title == (HOSTILE[0] if "Bar" in name else (read_manifest(packaged) or {})["lesson"]["title"])
    # All that the page asks for is in the package, and it leads nowhere else.
    for _, attributes in Page(page).tags:
        for address in (attributes.get(key) for key in ("src", "href", "poster")):
            if address and not address.startswith(("data:", "#")):
                assert address.partition("#")[0] in names, address
    assert page.count("LMSInitialize") == 1


def test_the_lesson_has_all_clips_and_the_same_bytes_each_time(
    packaged: Path, clips: list[tuple[Part, Path]], checkpoint: Checkpoint
) -> None:
    before = snapshot(packaged)
    with zipfile.ZipFile(io.BytesIO(before["scorm.zip"][1])) as archive:
        assert sum(name.endswith(".mp4") for name in archive.namelist()) == len(clips)
        assert not [name for name in archive.namelist() if name.endswith(("player.html", "one-file.html", ".zip"))]
    export_to(packaged, clips, checkpoint, scorm=True)
    assert snapshot(packaged) == before
    export_to(packaged, clips, checkpoint)
    assert not [path for path in snapshot(packaged) if path.endswith(".zip")]
