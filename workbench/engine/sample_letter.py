"""The sample's message: a responsive e-mail with merge fields, and words for who lacks a value."""

from html import escape
from typing import Final

from workbench.plan.template import Template
from workbench.plan.words import tr

SHOP: Final = "Kettle & Leaf"
SENDER: Final = "hello@example.com"
POSTAL: Final = "Kettle & Leaf, 12 Harbour Lane, Northport"
_FIRST_NAME: Final = "{{ User.UserAttributes.FirstName | default('%s', true) }}"


def letter() -> Template:
    """The message in the language of the moment."""
    friend = tr("tea friend")
    words = {
        "SHOP": SHOP,
        "POSTAL": POSTAL,
        "PREVIEW": tr("Fresh first flush, and something for your next quiet morning."),
        "GREETING": tr("Hello {name},").format(name="NAME"),
        "OPENING": tr("The new season is here, and we put a little aside for the people who know us best."),
        "FOR_TEA": tr("This week's Darjeeling First Flush is light, flowery, and gone by the end of the month."),
        "FOR_COFFEE": tr("We roasted Ethiopia Yirgacheffe on Monday: bergamot, peach, and a long sweet finish."),
        "FOR_OTHERS": tr("Our new stoneware mugs came out of the kiln on Monday, each of them a little different."),
        "GIFT": tr("Your gift"),
        "FOR_MEMBERS": tr("As a club member you get free shipping and a tasting box with your next order."),
        "FOR_GUESTS": tr("Use the code QUIET10 for 10% off your next order, until Sunday night."),
        "BUTTON": tr("See what is new"),
        "CLOSING": tr("Put the kettle on,"),
        "TEAM": tr("your friends at {shop}").format(shop=SHOP),
        "WHY": tr(
            "You get this letter because you bought something from us. Answer with “stop” and we will not write again."
        ),
    }
    html, text = _HTML, _TEXT
    # the longest first: no word here begins with another one that is still to come
    for name in sorted(words, key=len, reverse=True):
        html = html.replace(f"[{name}]", escape(words[name], quote=False))
        text = text.replace(f"[{name}]", words[name])
    named = _FIRST_NAME % friend.replace("'", "’")
    return Template(
        name=tr("New season"),
        subject=tr("{name}, the new season is here").format(name=named),
        html=html.replace("NAME", named),
        text=text.replace("NAME", named),
    )


_HTML: Final = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>[SHOP]</title>
<style>
  body { margin: 0; padding: 0; background: #f3f1ea; }
  table { border-collapse: collapse; }
  .sheet { width: 100%; max-width: 600px; }
  .words { font-family: Georgia, "Times New Roman", serif; font-size: 17px; line-height: 27px; color: #2b2f2c; }
  .small { font-family: Arial, Helvetica, sans-serif; font-size: 12px; line-height: 19px; color: #6d736e; }
  @media (max-width: 620px) {
    .side { padding-left: 22px !important; padding-right: 22px !important; }
    .title { font-size: 27px !important; line-height: 34px !important; }
    .button a { display: block !important; }
  }
  @media (prefers-color-scheme: dark) {
    body, .ground { background: #171a18 !important; }
    .page { background: #222724 !important; }
    .box { background: #2b322e !important; }
    .words { color: #e8e6df !important; }
    .small { color: #a3aaa4 !important; }
  }
</style>
</head>
<body>
<div style="display:none;max-height:0;overflow:hidden">[PREVIEW]</div>
<table role="presentation" width="100%" class="ground" style="background:#f3f1ea">
<tr><td align="center" style="padding:28px 12px">
  <table role="presentation" class="sheet page" style="background:#ffffff;border-radius:10px">
    <tr><td class="side" style="padding:26px 44px;background:#1f5c4d;border-radius:10px 10px 0 0;
      font-family:Georgia,'Times New Roman',serif;font-size:21px;letter-spacing:0.5px;color:#ffffff">[SHOP]</td></tr>
    <tr><td class="side words title" style="padding:38px 44px 6px;font-size:31px;line-height:39px">[GREETING]</td></tr>
    <tr><td class="side words" style="padding:10px 44px">[OPENING]</td></tr>
    <tr><td class="side words" style="padding:10px 44px">{% if 'tea' in Attributes.interests %}[FOR_TEA]\
{% elif 'coffee' in Attributes.interests %}[FOR_COFFEE]{% else %}[FOR_OTHERS]{% endif %}</td></tr>
    <tr><td class="side" style="padding:18px 44px">
      <table role="presentation" width="100%" class="box" style="background:#eef3ee;border-radius:8px">
        <tr><td class="words" style="padding:20px 24px"><strong>[GIFT]</strong><br>\
{% if Attributes.plan and Attributes.plan != 'free' %}[FOR_MEMBERS]{% else %}[FOR_GUESTS]{% endif %}</td></tr>
      </table></td></tr>
    <tr><td class="side button" align="center" style="padding:14px 44px 30px">
      <a href="https://example.com/new?c={{ User.UserId | urlencode }}" style="display:inline-block;padding:14px 34px;
        background:#c8553d;border-radius:6px;font-family:Arial,Helvetica,sans-serif;font-size:16px;font-weight:bold;
        color:#ffffff;text-align:center;text-decoration:none">[BUTTON]</a></td></tr>
    <tr><td class="side words" style="padding:0 44px 40px">[CLOSING]<br>[TEAM]</td></tr>
  </table>
  <table role="presentation" class="sheet">
    <tr><td class="side small" align="center" style="padding:22px 44px">[WHY]<br>[POSTAL]</td></tr>
  </table>
</td></tr>
</table>
</body>
</html>
"""

_TEXT: Final = """[GREETING]

[OPENING]

{% if 'tea' in Attributes.interests %}[FOR_TEA]{% elif 'coffee' in Attributes.interests %}[FOR_COFFEE]\
{% else %}[FOR_OTHERS]{% endif %}

[GIFT]
{% if Attributes.plan and Attributes.plan != 'free' %}[FOR_MEMBERS]{% else %}[FOR_GUESTS]{% endif %}

[BUTTON]: https://example.com/new?c={{ User.UserId | urlencode }}

[CLOSING]
[TEAM]

--
[WHY]
[POSTAL]
"""
