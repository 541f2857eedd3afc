"""The National Grid: Ordnance Survey's own test points, letters, and what lies outside."""

from __future__ import annotations

import pytest

from streams.grid import grid_reference, read_reference, to_grid

# Ordnance Survey, OSTN15 developer pack, ETRS89 to OSGB36 test data: latitude, longitude, easting, northing.
POINTS = {
    "TP01": (49.92226393730, -6.29977752014, 91492.146, 11318.804),
    "TP02": (49.96006137820, -5.20304609998, 170370.718, 11572.405),
    "TP03": (50.43885825610, -4.10864563561, 250359.811, 62016.569),
    "TP04": (50.57563665000, -1.29782277240, 449816.371, 75335.861),
    "TP05": (50.93127937910, -1.45051433700, 438710.920, 114792.250),
    "TP06": (51.40078220140, -3.55128349240, 292184.870, 168003.465),
    "TP07": (51.37447025550, 1.44454730409, 639821.835, 169565.858),
    "TP08": (51.42754743020, -2.54407618349, 362269.991, 169978.690),
    "TP09": (51.48936564950, -0.11992557180, 530624.974, 178388.464),
    "TP10": (51.85890896400, -4.30852476960, 241124.584, 220332.641),
    "TP11": (51.89436637350, 0.89724327012, 599445.590, 225722.826),
    "TP12": (52.25529381630, -2.15458614387, 389544.190, 261912.153),
    "TP13": (52.25160951230, -0.91248956970, 474335.969, 262047.755),
    "TP14": (52.75136687170, 0.40153547065, 562180.547, 319784.995),
}
OUTSIDE = {
    "Paris": (48.8566, 2.3522),
    "Calais": (50.9513, 1.8587),
    "Dublin": (53.3498, -6.2603),
    "Belfast": (54.5973, -5.9301),
    "Cloghy, County Down": (54.43, -5.44),
    "Rathlin Island": (55.29, -6.20),
    "Inishtrahull": (55.43, -7.23),
    "St Helier": (49.1839, -2.1063),
    "null island": (0.0, 0.0),
    "south pole": (-90.0, 180.0),
}
INSIDE = {
    "Holyhead": ((53.31, -4.63), "SH"),
    "Portpatrick": ((54.84, -5.12), "NW"),
    "Mull of Kintyre": ((55.30, -5.80), "NR"),
    "Mull of Oa, Islay": ((55.587, -6.317), "NR"),
    "Ramsey Island": ((51.86, -5.34), "SM"),
    "Castletown, Isle of Man": ((54.07, -4.65), "SC"),
    "Hertford": ((51.7957, -0.0810), "TL"),
    "Lerwick": ((60.1530, -1.1490), "HU"),
    "Land's End": ((50.0660, -5.7150), "SW"),
    "Lowestoft Ness": ((52.4813, 1.7627), "TM"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_point_outside_great_britain_has_no_grid_reference(name: str) -> None:
    assert to_grid(*OUTSIDE[name]) is None


@pytest.mark.parametrize("name", POINTS)
def test_point_of_the_ordnance_survey_is_met_to_the_millimetre(name: str) -> None:
    latitude, longitude, easting, northing = POINTS[name]

    point = to_grid(latitude, longitude)

    assert point is not None
    assert point.easting == pytest.approx(easting, abs=0.002)
    assert point.northing == pytest.approx(northing, abs=0.002)


@pytest.mark.parametrize("name", INSIDE)
def test_point_on_the_edge_of_great_britain_has_its_letters(name: str) -> None:
    place, letters = INSIDE[name]

    point = to_grid(*place)

    assert point is not None
    assert point.reference.startswith(f"{letters} ")


@pytest.mark.parametrize(
    ("easting", "northing", "reference"),
    [
        (0.0, 0.0, "SV 00000 00000"),
        (651409.903, 313177.270, "TG 51409 13177"),
        (216677.9, 771200.9, "NN 16677 71200"),
        (530624.974, 178388.464, "TQ 30624 78388"),
        (447297.4, 1140914.1, "HU 47297 40914"),
        (99999.999, 99999.999, "SV 99999 99999"),
        (100000.0, 100000.0, "SR 00000 00000"),
    ],
)
def test_reference_cuts_digits_and_never_rounds_into_another_square(
    easting: float, northing: float, reference: str
) -> None:
    assert grid_reference(easting, northing) == reference


@pytest.mark.parametrize(
    "text",
    ["", "T", "TI 12 34", "TL 1", "TL 12 345", "TL 1234567890 12", "51.5, -0.1", "AA 12 34", "TL ١٢ ٣٤", "TL -1 23"],
)
def test_text_that_is_no_reference_is_none(text: str) -> None:
    assert read_reference(text) is None


@pytest.mark.parametrize(
    ("text", "square"),
    [
        ("TG 51409 13177", (651_409, 313_177, 1)),
        ("tg5140913177", (651_409, 313_177, 1)),
        ("TG 51 13", (651_000, 313_000, 1_000)),
        ("TL", (500_000, 200_000, 100_000)),
        ("HU 472 409", (447_200, 1_140_900, 100)),
    ],
)
def test_reference_is_read_as_the_square_it_names(text: str, square: tuple[float, float, float]) -> None:
    assert read_reference(text) == square


@pytest.mark.parametrize(
    ("easting", "northing"), [(0, 0), (530_624, 178_388), (447_297, 1_140_914), (699_999, 1_299_999)]
)
def test_reference_that_was_written_is_read_again(easting: int, northing: int) -> None:
    assert read_reference(grid_reference(easting, northing)) == (easting, northing, 1)
