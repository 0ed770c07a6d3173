"""Close codes: each has a reason that fits a frame, and its range tells whether to come back."""

from router.api.codes import REASONS, CloseCode, should_reconnect


def test_every_code_has_a_reason_that_fits_a_close_frame() -> None:
    assert set(REASONS) == set(CloseCode)
    assert all(0 < len(reason.encode()) <= 123 for reason in REASONS.values())


def test_the_range_of_a_code_tells_whether_to_come_back() -> None:
    stay_away = {code for code in CloseCode if code >= 4100}
    come_back = {code for code in CloseCode if 4000 <= code < 4100}

    assert all(should_reconnect(code) for code in come_back)
    assert not any(should_reconnect(code) for code in stay_away | {CloseCode.BYE})
    assert should_reconnect(1006)
