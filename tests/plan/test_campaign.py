from workbench.plan.campaign import Campaign, check


def test_a_complete_campaign_has_no_problems() -> None:
    assert check(Campaign(name="Spring", template_id="t", channel_id="c")) == ()


def test_what_is_missing_is_told_at_its_field() -> None:
    assert [problem.where for problem in check(Campaign(name="  "))] == ["name", "template_id", "channel_id"]


def test_no_segment_means_everyone() -> None:
    assert "segment_id" not in [problem.where for problem in check(Campaign())]


def test_a_campaign_survives_its_json() -> None:
    campaign = Campaign(name="Привет", segment_id="s", template_id="t", channel_id="c", reply_to="a@example.com")
    assert Campaign.from_json(campaign.to_json()) == campaign
