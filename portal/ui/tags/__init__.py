"""The component tags, by kind. `portal.ui.templatetags.ui` puts them under one `{% load ui %}`."""
