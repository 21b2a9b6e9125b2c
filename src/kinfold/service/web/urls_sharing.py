"""The addresses of sharing: who else knows a child, fetched records, agreements; rules in access/routes_sharing.toml."""

from django.urls import path

from kinfold.service.web.views import agreements, finding, shared_space

urlpatterns = [
    path("children/<uuid:uid>/who-else/", finding.who_else, name="who_else"),
    path("children/<uuid:uid>/who-else/ask/", finding.who_else_ask, name="who_else_ask"),
    path("children/<uuid:uid>/may-i-share/", finding.may_i_share, name="may_i_share"),
    path("asks/<uuid:uid>/", finding.ask, name="ask"),
    path("asks/<uuid:uid>/stop/", finding.ask_stop, name="ask_stop"),
    path("asks/<uuid:uid>/records/<uuid:pointer>/", finding.ask_fetch, name="ask_fetch"),
    path("fetched/<str:token>/", finding.fetched, name="fetched"),
    path("children/<uuid:uid>/shared-space/", shared_space.shared_space, name="shared_space"),
    path("children/<uuid:uid>/shared-space/follow/", shared_space.shared_space_follow, name="shared_space_follow"),
    path(
        "children/<uuid:uid>/shared-space/<uuid:contribution>/take-back/",
        shared_space.shared_space_take_back,
        name="shared_space_take_back",
    ),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/why/", agreements.agreement_why, name="agreement_why"),
    path("agreements/new/", agreements.organisation_add, name="organisation_add"),
    path("agreements/of/<slug:code>/", agreements.agreement, name="agreement"),
    path("agreements/of/<slug:code>/line/", agreements.agreement_rule, name="agreement_rule"),
    path(
        "agreements/of/<slug:code>/<str:part>/<int:place>/out/",
        agreements.agreement_rule_out,
        name="agreement_rule_out",
    ),
    path("agreements/of/<slug:code>/revoke/", agreements.agreement_revoke, name="agreement_revoke"),
    path("agreements/of/<slug:code>/compare/", agreements.agreement_compare, name="agreement_compare"),
    path("unusual-looks/", agreements.unusual_looks, name="unusual_looks"),
]
