"""Who is there from when to when: cuts, cameras that were off, and parts."""

from itertools import pairwise

from evidence.stretches import FPS, Part, Present, Trace, find_parts

S = FPS


def people(part: Part) -> list[tuple[float, float, dict[int, int | None]]]:
    """The stretches in seconds, with the pictures of the seats that are there."""
    return [(one.start / S, one.end / S, {p.seat: p.picture for p in one.people}) for one in part.stretches]


def test_somebody_who_joins_and_leaves_cuts_the_film() -> None:
    parts = find_parts([Trace(0, 0, 0, 20 * S), Trace(1, 1, 5 * S, 12 * S)], [])

    assert len(parts) == 1
    assert people(parts[0]) == [(0, 5, {0: 0}), (5, 12, {0: 0, 1: 1}), (12, 20, {0: 0})]


def test_camera_that_is_off_leaves_the_person_without_a_picture() -> None:
    sound = Trace(0, None, 0, 20 * S)
    parts = find_parts([Trace(0, 7, 0, 20 * S, ((8 * S, 14 * S),)), sound], [])

    assert people(parts[0]) == [(0, 8, {0: 7}), (8, 14, {0: None}), (14, 20, {0: 7})]


def test_sound_alone_is_somebody_without_a_picture() -> None:
    parts = find_parts([Trace(3, None, 0, 4 * S)], [])

    assert parts[0].stretches[0].people == (Present(3, None),)


def test_short_stretches_join_their_neighbours() -> None:
    traces = [Trace(0, 0, 0, 10 * S), Trace(1, 1, 6, 10 * S - 4), Trace(2, 2, 5 * S, 5 * S + 8)]
    parts = find_parts(traces, [])

    assert all(one.end - one.start >= S for one in parts[0].stretches)
    assert [(one.start, one.end) for one in parts[0].stretches] == [(0, 5 * S), (5 * S, 10 * S)]
    assert {one.people for one in parts[0].stretches} == {(Present(0, 0), Present(1, 1))}


def test_stretches_of_a_part_follow_one_another_without_a_hole() -> None:
    traces = [Trace(seat, seat, 7 * seat, 400 - 13 * seat, ((100 + seat, 140),)) for seat in range(9)]
    part = find_parts(traces, [])[0]

    assert part.stretches[0].start == part.start
    assert part.stretches[-1].end == part.end == 400
    assert all(one.end == after.start for one, after in pairwise(part.stretches))


def test_person_who_comes_back_by_another_track_keeps_one_place() -> None:
    parts = find_parts([Trace(0, 0, 0, 8 * S), Trace(0, 1, 7 * S, 20 * S)], [])

    assert [len(one.people) for one in parts[0].stretches] == [1] * len(parts[0].stretches)
    assert people(parts[0])[0][2] == {0: 0}
    assert people(parts[0])[-1][2] == {0: 1}


def test_known_gap_begins_a_new_part() -> None:
    traces = [Trace(0, 0, 0, 10 * S), Trace(0, 1, 14 * S, 20 * S)]
    parts = find_parts(traces, [(10 * S, 13 * S)])

    assert [(part.number, part.is_new, part.start, part.end) for part in parts] == [
        (1, True, 0, 10 * S),
        (2, True, 14 * S, 20 * S),
    ]


def test_moment_in_which_nobody_was_heard_stays_in_the_film() -> None:
    parts = find_parts([Trace(0, 0, 0, 10 * S), Trace(0, 1, 14 * S, 20 * S)], [])

    assert len(parts) == 1
    assert people(parts[0]) == [(0, 10, {0: 0}), (10, 14, {}), (14, 20, {0: 1})]


def test_long_silence_is_left_out_without_counting_as_a_part() -> None:
    parts = find_parts([Trace(0, 0, 0, 10 * S), Trace(0, 1, 100 * S, 120 * S)], [])

    assert [(part.number, part.is_new) for part in parts] == [(1, True), (1, False)]


def test_gap_in_which_somebody_was_still_recorded_ends_no_part() -> None:
    parts = find_parts([Trace(0, 0, 0, 30 * S), Trace(1, 1, 0, 10 * S)], [(10 * S, 20 * S)])

    assert [(part.start, part.end) for part in parts] == [(0, 30 * S)]
