#include "sim/world/revocation.h"

#include "model/protocol/certificate.h"

struct Revocation {
    Wire *wire;
    GArray *serials;   /* of guint64, ascending: all that are revoked */
    GArray *published; /* of Micros, by number of the list; the first at the beginning of time */
};

Revocation *
revocation_new(Wire *wire)
{
    Revocation *revocation = g_new0(Revocation, 1);
    Micros beginning = INT64_MIN;

    revocation->wire = wire;
    revocation->serials = g_array_new(FALSE, FALSE, sizeof(guint64));
    revocation->published = g_array_new(FALSE, FALSE, sizeof(Micros));
    g_array_append_val(revocation->published, beginning);
    return revocation;
}

void
revocation_free(Revocation *revocation)
{
    if (revocation == NULL)
        return;
    g_array_unref(revocation->serials);
    g_array_unref(revocation->published);
    g_free(revocation);
}

guint
revocation_newest(const Revocation *revocation)
{
    return revocation->published->len - 1;
}

void
revocation_revoke(Revocation *revocation, const GArray *serials, Micros now)
{
    g_array_append_vals(revocation->serials, serials->data, serials->len);
    g_array_sort(revocation->serials, certificate_compare_serials);
    g_array_append_val(revocation->published, now);
    if (revocation->wire != NULL) {
        guint number = wire_publish_crl(revocation->wire, revocation->serials);

        g_assert(number == revocation_newest(revocation));
    }
}

guint
revocation_list_at(const Revocation *revocation, Micros period, Micros phase, Micros now)
{
    Micros fetched = crl_last_fetch(period, phase, now);
    guint list = revocation_newest(revocation);

    if (fetched == CRL_NEVER_FETCHED)
        return 0;
    while (g_array_index(revocation->published, Micros, list) > fetched)
        list--;
    return list;
}
