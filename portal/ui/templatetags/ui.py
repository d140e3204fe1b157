"""The component tags: `{% load ui %}`. What each makes is shown at /ui/ in development.

Small parts
    {% icon name turn="" %}                        turn: back, down
    {% badge text tone="" icon="" kind="" %}       tone: good, info, warning, danger, quiet; kind: mine, solid
    {% mark icon tone="" kind="" %}                an icon in a circle; kind: mine
    {% avatar name kind="" photo="" %}             kind: staff; photo: an address
    {% progress value max label quiet=False %}     quiet: the bar without its words
Buttons
    {% button_link url label kind="" icon="" size="" tone="" %}    kind: second, quiet; size: l, full; tone: danger
    {% submit label kind="" size="" tone="" icon="" name="" value="" %}
    {% post_button "url-name" arg… label="" kind="" tone="" icon="" size="" %}
Blocks
    {% rows ruled=False size="" %}…{% endrows %}   size: l
    {% item title="" url="" text="" icon="" date=None avatar="" badge="" tone="" mine=False level=0 photo="" %}
    {% card title="" tone="" kind="" badge="" level=2 %}…{% endcard %}
    {% alert tone="info" icon="" title="" level=0 role="" %}…{% endalert %}
    {% empty_state text icon="" title="" url="" label="" level=2 %}
    {% timeline label="" %}…{% endtimeline %}
    {% step title="" state="" badge="" tone="" icon="calendar" level=3 id="" %}…{% endstep %}   done, now, withdrawn
Time
    {% day value tone="" %}  {% full_date value %}  {% short_date value %}    dates or datetimes
    {% dates planned=None forecast=None actual=None withdrawn=None %}         dates
    {% stages steps label="" note="" %}            steps: name, note, state (done, now); stands inside .earth .wrap
    {% bar_chart title bars goal=None note="" heading="" value_heading="" most=100 %}  bars: label, value, now
Text, ways
    {% localized text %}  {% prose text %}         a LocalizedText, or any text
    {% crumbs label url … label %}  {% pager page_obj param="page" %}
    {% language_switch %}                          a form; {% language_links languages=None %} links, for cached pages
    {% html_lang %}                                the active language for lang=""; `message|message_tone`
Photos
    {% gallery photos lead=False more_url="" %}    photos: page_url, thumb_url, large_url, alt, width, height, caption
    {% photo_page photo number total back_url back_label previous_url="" next_url="" %}
Forms
    {% field form.x label="" hint="" beside_url="" beside="" mark_optional=True %}
    {% form form submit="" action="" method="post" size="" kind="" gap="" %}
"""

from django import template

from portal.ui.tags import blocks, buttons, charts, forms, marks, photos, texts, times

register = template.Library()
for part in (marks, buttons, blocks, times, charts, texts, photos, forms):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
