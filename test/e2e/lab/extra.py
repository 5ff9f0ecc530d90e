"""Scenarios beyond the sixteen of the lab (its README: LAB_EXTRA). `w` is the lab's World, `s` the service; see the lab for its fields."""


def both(s):
    return [s[k] for k in ("v4", "v6", "alt4", "alt6")]


def only(s, fam):
    return [s["v4"], s["alt4"]] if fam == 4 else [s["v6"], s["alt6"]]


# ---- names
def sc_dns_refused(w, s):
    """the ISP resolver refuses the name"""
    w.isp_lies[s["id"]] = "always_refuse"


def sc_dns_nodata(w, s):
    """the ISP resolver says the name has no address"""
    w.isp_lies[s["id"]] = "always_nodata"


def sc_dns_null(w, s):
    """the ISP resolver answers 0.0.0.0 and ::"""
    w.isp_lies[s["id"]] = "always_null"


def sc_dns_private(w, s):
    """the ISP resolver answers a private address"""
    w.isp_over[s["id"]] = {"A": ["10.10.34.34"], "AAAA": []}


def sc_dns_inject_race(w, s):
    """a box on the path answers first with an address that leads nowhere; the true answer follows"""
    w.rule("dns_forge", names=[s["name"]], to={"A": "203.0.113.66", "AAAA": "2001:db8:dead::66"}, replace=False)


def sc_dns_inject_bogon(w, s):
    """a box on the path answers first with 127.0.0.1"""
    w.rule("dns_forge", names=[s["name"]], to={"A": "127.0.0.1", "AAAA": "::1"}, replace=False)


def sc_dns_inject_swallow(w, s):
    """a box on the path answers instead of the resolver, every resolver in the clear alike"""
    w.rule("dns_forge", names=[s["name"]], to={"A": "203.0.113.66", "AAAA": "2001:db8:dead::66"}, replace=True)


def sc_dns_hijack_mitm(w, s):
    """the ISP resolver leads to a box with a foreign certificate for the name"""
    w.isp_over[s["id"]] = {"A": [w.net["mitm"]], "AAAA": [w.net["mitm6"]]}


def sc_dns_and_sni(w, s):
    """two layers: false address, and the name cut on the true ones"""
    w.isp_over[s["id"]] = {"A": [w.net["blockpage"]], "AAAA": []}
    w.rule("rst", names=[s["name"]])


def sc_dns_nxdomain_and_ip(w, s):
    """two layers: no such name, and packets to the true addresses vanish"""
    w.isp_lies[s["id"]] = "always_nxdomain"
    w.rule("drop", dst=both(s))


def sc_dns_v4_hijack(w, s):
    """only the A record is false"""
    w.isp_over[s["id"]] = {"A": [w.net["blockpage"]]}


def sc_geo_dns(w, s):
    """the ISP resolver gives the site's other addresses: all is well"""
    w.isp_over[s["id"]] = {"A": [s["alt4"]], "AAAA": [s["alt6"]]}


def sc_geo_dns_sni(w, s):
    """other addresses here, and the name is cut on them"""
    w.isp_over[s["id"]] = {"A": [s["alt4"]], "AAAA": [s["alt6"]]}
    w.rule("rst", names=[s["name"]])


def sc_geo_dns_ip(w, s):
    """other addresses here, and packets to these vanish"""
    w.isp_over[s["id"]] = {"A": [s["alt4"]], "AAAA": [s["alt6"]]}
    w.rule("drop", dst=[s["alt4"], s["alt6"]])


def sc_site_moved(w, s):
    """the site has new addresses everywhere, the old ones are dead"""
    w.true_over[s["id"]] = {"A": [s["alt4"]], "AAAA": [s["alt6"]]}
    w.gone += [s["v4"], s["v6"]]


def sc_two_addresses_one_blocked(w, s):
    """two addresses; packets to one of them vanish"""
    w.true_over[s["id"]] = {"A": [s["v4"], s["alt4"]], "AAAA": [s["v6"], s["alt6"]]}
    w.rule("drop", dst=[s["v4"], s["v6"]])


def sc_name_gone(w, s):
    """the name is gone for everybody"""
    w.true_lies[s["id"]] = "always_nxdomain"


def sc_name_nodata(w, s):
    """the name has no address for anybody"""
    w.true_lies[s["id"]] = "always_nodata"


def sc_name_servfail(w, s):
    """the name is refused by every resolver"""
    w.true_lies[s["id"]] = "always_refuse"


def sc_ghost(w, s):
    """the name is gone for everybody, and the ISP resolver still lies about it"""
    w.true_lies[s["id"]] = "always_nxdomain"
    w.isp_over[s["id"]] = {"A": [w.net["blockpage"]], "AAAA": []}


def sc_bogon_for_all(w, s):
    """the owner publishes 127.0.0.1"""
    w.true_over[s["id"]] = {"A": ["127.0.0.1"], "AAAA": ["::1"]}


def sc_v4_only(w, s):
    """the site has no IPv6"""
    w.true_over[s["id"]] = {"A": [s["v4"]], "AAAA": []}


def sc_hijack_server_down(w, s):
    """false address for a site that is down for everybody"""
    w.isp_over[s["id"]] = {"A": [w.net["blockpage"]], "AAAA": []}
    w.gone += both(s)


# ---- addresses
def sc_ip_v6_drop(w, s):
    """only IPv6 to the service vanishes"""
    w.rule("drop", dst=only(s, 6))


def sc_ip_v4_drop(w, s):
    """only IPv4 to the service vanishes"""
    w.rule("drop", dst=only(s, 4))


def sc_ip_port443(w, s):
    """only TCP port 443 of the service vanishes"""
    w.rule("drop", dst=both(s), proto="tcp", dport=[443])


def sc_tls_dead(w, s):
    """connections to the address pass, every ClientHello kills them"""
    w.rule("kill", dst=both(s))


def sc_tls_dead_rst(w, s):
    """connections to the address pass, every ClientHello is reset"""
    w.rule("rst", dst=both(s))


def sc_no_v6(w, s):
    """the line has no IPv6 at all"""
    w.rule("drop", family=6)


def sc_whitelist(w, s):
    """everything abroad vanishes but a few addresses"""
    r, n = w.svcs["reference"], w.svcs["neutral"]
    spare = both(r) + both(n) + [w.net[k] for k in ("isp_dns", "control1", "control2", "helper", "blockpage")]
    w.rule("drop", **{"except": spare})


# ---- names in the handshake
def sc_sni_v4(w, s):
    """the name is cut on IPv4 only"""
    w.rule("rst", names=[s["name"]], family=4)


def sc_sni_residual_drop(w, s):
    """after a reset the address stays dead for 90 s"""
    w.rule("rst", names=[s["name"]], residual=90)


def sc_sni_residual_rst(w, s):
    """after silence the address answers with resets for 60 s"""
    w.rule("kill", names=[s["name"]], residual=60, residual_action="rst")


def sc_sni_half(w, s):
    """half of the flows with the name are reset"""
    w.rule("rst", names=[s["name"]], prob=0.5)


def sc_sni_third(w, s):
    """a third of the flows with the name are reset"""
    w.rule("rst", names=[s["name"]], prob=0.35)


def sc_sni_most(w, s):
    """three quarters of the flows with the name are reset"""
    w.rule("rst", names=[s["name"]], prob=0.75)


def sc_sni_kill_half(w, s):
    """half of the flows with the name go dead"""
    w.rule("kill", names=[s["name"]], prob=0.5)


def sc_sni_alt(w, s):
    """the name is cut at its own addresses only"""
    w.rule("rst", names=[s["name"]], dst=both(s))


def sc_freeze_early(w, s):
    """with the name the flow goes dead in the middle of the handshake"""
    w.rule("freeze", names=[s["name"]], after=600)


def sc_sni_no_helper(w, s):
    """the name is reset, and the helper is out of reach"""
    w.rule("rst", names=[s["name"]])
    w.rule("drop", dst=[w.net["helper"]])


def sc_ip_no_helper(w, s):
    """packets vanish, and the helper is out of reach"""
    w.rule("drop", dst=both(s) + [w.net["helper"]])


def sc_down_no_helper(w, s):
    """the site is down, and the helper is out of reach"""
    w.gone += both(s)
    w.rule("drop", dst=[w.net["helper"]])


def sc_clean_no_helper(w, s):
    """nothing but the helper is out of reach"""
    w.rule("drop", dst=[w.net["helper"]])


def sc_innocuous_cut(w, s):
    """the harmless name is cut, the site is not"""
    w.rule("rst", names=[w.svcs["harmless"]["name"]])


# ---- certificates
def sc_mitm(w, s):
    """connections are bent to a box with a foreign certificate"""
    w.rule("nat", dst=both(s), proto="tcp", dport=[443], to={"4": w.net["mitm"], "6": w.net["mitm6"]})


def sc_mitm_all(w, s):
    """every TLS connection is bent to that box"""
    w.rule("nat", proto="tcp", dport=[443], to={"4": w.net["mitm"], "6": w.net["mitm6"]})


def sc_cert_expired(w, s):
    """the certificate has expired, for everybody"""
    w.site[s["id"]] = {"cert": "-expired"}


def sc_cert_foreign(w, s):
    """the site itself has a certificate of an unknown root"""
    w.site[s["id"]] = {"cert": "-mitm"}


# ---- pages
def sc_http_page(w, s):
    """plain HTTP shows a page about the law"""
    w.rule("http_page", layer="http", names=[s["name"]],
           body="<html><title>Access restricted</title>Access to this resource is restricted. Register of restricted sites.</html>")


def sc_http_page_unknown(w, s):
    """plain HTTP shows a page that nobody knows"""
    w.rule("http_page", layer="http", names=[s["name"]], body="<html><title>Hello</title>Something quite different.</html>")


def sc_http_nat(w, s):
    """port 80 is bent to the block page"""
    w.rule("nat", dst=both(s), proto="tcp", dport=[80], to={"4": w.net["blockpage"]})


def sc_http_rst(w, s):
    """plain HTTP with the name is reset"""
    w.rule("rst", layer="http", names=[s["name"]])


def sc_http_all_pages(w, s):
    """all plain HTTP shows a login page, HTTPS is left alone"""
    w.rule("http_page", layer="http", location="http://%s/" % "login.hotel.example")


def sc_site_403(w, s):
    """the site itself refuses this client"""
    w.site[s["id"]] = {"status": 403, "status_for": "^(10\\.77\\.|2001:db8:77:)"}


def sc_site_451(w, s):
    """the site itself says 451 to this client"""
    w.site[s["id"]] = {"status": 451, "status_for": "^(10\\.77\\.|2001:db8:77:)"}


def sc_site_503_here(w, s):
    """the site has an error for this client only"""
    w.site[s["id"]] = {"status": 503, "status_for": "^(10\\.77\\.|2001:db8:77:)"}


def sc_site_503(w, s):
    """the site has an error for everybody"""
    w.site[s["id"]] = {"status": 503}


def sc_site_404(w, s):
    """the front page is missing for everybody"""
    w.site[s["id"]] = {"status": 404}


# ---- speed
def sc_slow_server(w, s):
    """the site is slow for everybody"""
    w.site[s["id"]] = {"rate": 16000}


def sc_throttle_ip(w, s):
    """flows to the addresses are policed, whatever the name"""
    w.rule("police", dst=both(s), rate=150000, burst=16000)


def sc_throttle_1m(w, s):
    """the name is held to one megabit"""
    w.rule("police_flow", names=[s["name"]], rate=1000000, burst=16000)


def sc_throttle_ip_64k(w, s):
    """flows to the addresses are policed to 64 kbit/s with hardly a burst"""
    w.rule("police", dst=both(s), rate=64000, burst=8000)


def sc_throttle_ip_burst(w, s):
    """the addresses share a bucket of half a megabyte, then 300 kbit/s"""
    w.rule("police", dst=both(s), rate=300000, burst=500000)


def sc_throttle_64k(w, s):
    """flows with the name are held to 64 kbit/s"""
    w.rule("police_flow", names=[s["name"]], rate=64000, burst=16000)


def sc_throttle_burst_256k(w, s):
    """flows with the name pass a quarter of a megabyte, then 512 kbit/s"""
    w.rule("police_flow", names=[s["name"]], rate=512000, burst=262144)


def sc_throttle_burst_1m(w, s):
    """flows with the name pass a megabyte, then one megabit a second"""
    w.rule("police_flow", names=[s["name"]], rate=1000000, burst=1000000)


def sc_freeze_300k(w, s):
    """flows with the name freeze after 300 KB"""
    w.rule("freeze", names=[s["name"]], after=300000)


def sc_boost_line(w, s):
    """the whole line is fast for a megabyte, then slow"""
    w.rule("police", rate=400000, burst=1000000)


def sc_boost_flows(w, s):
    """every flow is fast for half a megabyte, then slow"""
    w.rule("police_flow", rate=500000, burst=500000)


def sc_slow_line(w, s):
    """the whole line is slow"""
    w.rule("police", rate=400000, burst=30000)


def sc_freeze_16k(w, s):
    """flows with the name freeze after 16 KB"""
    w.rule("freeze", names=[s["name"]], after=16000)


def sc_freeze_ip(w, s):
    """every flow to the addresses freezes after 20 KB"""
    w.rule("freeze", dst=both(s), after=20000)


def sc_freeze_40k(w, s):
    """flows with the name freeze after 40 KB: the front page passes"""
    w.rule("freeze", names=[s["name"]], after=40000)


def sc_quic(w, s):
    """only QUIC is dropped"""
    w.rule("drop", dst=both(s), proto="udp", dport=[443])


def sc_quic_all(w, s):
    """UDP 443 is dropped everywhere"""
    w.rule("drop", proto="udp", dport=[443])


# ---- the vantage point
def sc_loss10(w, s):
    """one packet in ten is lost"""
    w.rule("loss", prob=0.10)


def sc_loss20(w, s):
    """one packet in five is lost"""
    w.rule("loss", prob=0.20)


def sc_loss35(w, s):
    """one packet in three is lost"""
    w.rule("loss", prob=0.35)


def sc_loss10_sni(w, s):
    """one packet in ten is lost, and the name is reset"""
    w.rule("loss", prob=0.10)
    w.rule("rst", names=[s["name"]])


def sc_loss_site(w, s):
    """a third of the packets to the site is lost"""
    w.rule("loss", dst=both(s), prob=0.30)


def sc_portal(w, s):
    """a login page stands before everything"""
    w.rule("nat", proto="tcp", dport=[80, 443], to={"4": w.net["portal"]})


def sc_portal_dns(w, s):
    """a login page, by false answers to every name"""
    for i in w.svcs:
        w.isp_over[i] = {"A": [w.net["portal"]], "AAAA": []}


def sc_portal_http(w, s):
    """a login page on port 80, everything else is refused"""
    w.rule("nat", proto="tcp", dport=[80], to={"4": w.net["portal"]})
    w.rule("rst_syn", proto="tcp", dport=[443])


def sc_dns_dead(w, s):
    """the ISP resolver is silent about everything"""
    w.isp_all = "always_deny"


def sc_dns_dead_refuse(w, s):
    """the ISP resolver refuses everything"""
    w.isp_all = "always_refuse"


def sc_dns_dead_nx(w, s):
    """the ISP resolver knows no name"""
    w.isp_all = "always_nxdomain"


def sc_dns_dead_sni(w, s):
    """the ISP resolver is silent, and the name is reset"""
    w.isp_all = "always_deny"
    w.rule("rst", names=[s["name"]])


def sc_abroad(w, s):
    """only the ISP's own network answers"""
    w.rule("drop", **{"except": [w.net["isp_dns"], w.net["blockpage"], w.net["portal"]]})


def sc_link_down(w, s):
    """the cable is out"""
    w.client_link = "down"


def sc_offline_rst(w, s):
    """every connection is refused by the line"""
    w.rule("rst_syn", proto="tcp")
    w.rule("drop", proto="udp")


def sc_doh_blocked(w, s):
    """both controls are out of reach"""
    w.rule("drop", dst=[w.net["control1"], w.net["control2"]])


def sc_doh_blocked_nx(w, s):
    """both controls are out of reach, and the resolver lies"""
    w.rule("drop", dst=[w.net["control1"], w.net["control2"]])
    w.isp_lies[s["id"]] = "always_nxdomain"


def sc_all_controls_blocked_nx(w, s):
    """controls and helper are out of reach, and the resolver lies"""
    w.rule("drop", dst=[w.net["control1"], w.net["control2"], w.net["helper"]])
    w.isp_lies[s["id"]] = "always_nxdomain"


def sc_all_controls_blocked(w, s):
    """controls and helper are out of reach"""
    w.rule("drop", dst=[w.net["control1"], w.net["control2"], w.net["helper"]])


def sc_one_control(w, s):
    """one control is out of reach, and the resolver lies"""
    w.rule("drop", dst=[w.net["control1"]])
    w.isp_lies[s["id"]] = "always_nxdomain"


def sc_reference_down(w, s):
    """one reference is down for everybody, and packets to the site vanish"""
    w.gone += both(w.svcs["reference"])
    w.rule("drop", dst=both(s))


def sc_reference_blocked(w, s):
    """one reference is cut by name"""
    w.rule("rst", names=[w.svcs["neutral"]["name"]])


def sc_refused_everywhere(w, s):
    """the site has moved to an address that refuses everybody"""
    w.true_over[s["id"]] = {"A": [w.net["helper"]], "AAAA": []}


def sc_down_v6(w, s):
    """IPv6 of the site is dead for everybody"""
    w.gone += only(s, 6)



# ---- odd lines and odd helpers
def sc_loss_dns(w, s):
    """four in ten packets to the ISP resolver are lost"""
    w.rule("loss", dst=[w.net["isp_dns"]], prob=0.4)


def sc_crawl(w, s):
    """the whole line crawls"""
    w.rule("police", rate=100000, burst=8000)


def sc_doh_named(w, s):
    """the controls are cut by name, and the resolver lies"""
    w.rule("rst", names=["dns.control.example", "dns.second.example"])
    w.isp_lies[s["id"]] = "always_nxdomain"


def sc_doh_mitm(w, s):
    """the controls are bent to a foreign box, and the name is reset"""
    w.rule("nat", dst=[w.net["control1"], w.net["control2"]], proto="tcp", to={"4": w.net["mitm"]})
    w.rule("rst", names=[s["name"]])


def sc_freeze_all(w, s):
    """every flow freezes after 16 KB"""
    w.rule("freeze", after=16000)


def sc_ip_mixed(w, s):
    """IPv4 is refused, IPv6 vanishes"""
    w.rule("rst_syn", dst=only(s, 4))
    w.rule("drop", dst=only(s, 6))


def sc_v6_site_drop(w, s):
    """the site has IPv6 only, and it vanishes"""
    w.true_over[s["id"]] = {"A": [], "AAAA": [s["v6"]]}
    w.rule("drop", dst=only(s, 6))


def sc_throttle_v4(w, s):
    """the name is slowed on IPv4 only"""
    w.rule("police_flow", names=[s["name"]], rate=130000, burst=16000, family=4)


def sc_udp_all(w, s):
    """all UDP vanishes"""
    w.rule("drop", proto="udp")


def sc_no_v4(w, s):
    """the line has no IPv4"""
    w.rule("drop", family=4)


def sc_references_blocked(w, s):
    """both references vanish"""
    w.rule("drop", dst=both(w.svcs["reference"]) + both(w.svcs["neutral"]))


def sc_helper_403(w, s):
    """the site refuses the helper, and the name is reset here"""
    w.site[s["id"]] = {"status": 403, "status_for": "^(192\\.0\\.2\\.|198\\.51\\.|2001:db8:(100|2):)"}
    w.rule("rst", names=[s["name"]])


def sc_dns_hijack_cdn(w, s):
    """the ISP resolver gives another site's address"""
    o = w.svcs["birdsite"]
    w.isp_over[s["id"]] = {"A": [o["v4"]], "AAAA": [o["v6"]]}


def sc_dns_hijack_dead(w, s):
    """the ISP resolver gives an address where nobody is"""
    w.isp_over[s["id"]] = {"A": ["203.0.113.77"], "AAAA": ["2001:db8:203::77"]}


def sc_references_down(w, s):
    """both references are down for everybody"""
    w.gone += both(w.svcs["reference"]) + both(w.svcs["neutral"])


def sc_ip_all_443(w, s):
    """TCP 443 vanishes to everywhere"""
    w.rule("drop", proto="tcp", dport=[443])


def sc_sni_kill_all_names(w, s):
    """every name but a few is killed at every address (whitelist by name is not told by address)"""
    w.rule("rst", **{"except": both(w.svcs["reference"]) + both(w.svcs["neutral"]) + [w.net["control1"], w.net["control2"]]})


def sc_mitm_v4(w, s):
    """IPv4 is bent to a foreign box, IPv6 is left alone"""
    w.rule("nat", dst=only(s, 4), proto="tcp", dport=[443], to={"4": w.net["mitm"]})


def sc_tarpit(w, s):
    """flows with the name are held to 8 kbit/s"""
    w.rule("police_flow", names=[s["name"]], rate=8000, burst=3000)

# ---- over rounds
def sc_flap(w, s):
    """the name is reset every other twenty seconds, for five minutes"""
    import time
    now = time.time()
    for n in range(8):
        w.rule("rst", names=[s["name"]], **{"from": now + 20 + 40 * n, "until": now + 40 + 40 * n})


# ---- agents
def sc_centre_cut(w, s):
    """the port at which an agent's centre listens cannot be reached"""
    w.rule("drop", proto="tcp", dport=[8443])


# ---- the page that measures from a reader's line; `harmless` plays a host of the reader's country
def sc_here_border(w, s):
    """only hosts of the country answer"""
    w.rule("drop", **{"except": both(w.svcs["harmless"]) + [w.net["isp_dns"]]})


def sc_here_border_all(w, s):
    """only hosts of the country answer, not its neighbours on the same address either"""
    sc_here_border(w, s)
    w.rule("kill", names=[w.svcs[i]["name"] for i in ("birdsite", "wiki")])


def sc_here_home_cut(w, s):
    """the host of the country is cut by name"""
    w.rule("kill", names=[w.svcs["harmless"]["name"]])


def sc_here_leads(w, s):
    """the site sends everybody to a host of another name"""
    to = "https://%s/somewhere" % w.svcs["reference"]["name"].replace("www.", "elsewhere.")
    w.site[s["id"]] = {"status": 404, "status_for": '.") { return 302 %s; } if ($remote_addr ~ "^nobody$' % to}


def sc_here_v6_broken_sni(w, s):
    """IPv6 vanishes to everywhere, and the name is reset"""
    w.rule("drop", family=6)
    w.rule("rst", names=[s["name"]])


def sc_here_page_v4(w, s):
    """the ISP resolver leads IPv4 to its block page, which shows a certificate of its own; IPv6 to the site vanishes"""
    w.isp_over[s["id"]] = {"A": [w.net["blockpage"]]}
    w.rule("drop", dst=only(s, 6))


def sc_here_slow_line_sni(w, s):
    """the whole line is slow, and the name goes dead"""
    w.rule("police", rate=400000, burst=30000)
    w.rule("kill", names=[s["name"]])


def sc_here_loss_v6(w, s):
    """one packet in ten of IPv6 is lost"""
    w.rule("loss", family=6, prob=0.10)


def sc_here_cdn_down(w, s):
    """the addresses of a content network are dead for everybody"""
    w.gone += both(s)


def sc_here_three_ways(w, s):
    """one site by a name that is not found, one by refused addresses, a host of a third by its name"""
    w.isp_lies["freepress"] = "always_nxdomain"
    w.rule("rst_syn", dst=both(w.svcs["tubecast"]))
    w.rule("kill", names=[w.svcs["openchat"]["name"]])


def sc_here_loss_dns_sni(w, s):
    """one packet in five to the ISP resolver is lost, and the name goes dead"""
    w.rule("loss", dst=[w.net["isp_dns"]], prob=0.2)
    w.rule("kill", names=[s["name"]])


def sc_here_throttle_udp(w, s):
    """UDP 443 is dropped everywhere, and flows with the name are held to 100 kbit/s"""
    w.rule("drop", proto="udp", dport=[443])
    w.rule("police_flow", names=[s["name"]], rate=100000, burst=16000)


def sc_here_v6_border(w, s):
    """IPv6 abroad vanishes, IPv4 is left alone"""
    w.rule("drop", family=6, **{"except": both(w.svcs["harmless"])})
