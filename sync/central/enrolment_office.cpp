#include "sync/central/enrolment_office.hpp"

#include <utility>

#include "sync/central/venue_facts.hpp"
#include "sync/link/log.hpp"

namespace gatehouse::central {

namespace {

// The token's name, which must be the one asked for.
Result<void> judge(ledger::LedgerReader& reader, const sync::EnrolmentRequest& request, WallTime now) {
    const auto token = token_facts(reader, request.token_digest);
    const auto name = redeem_token(token ? &*token : nullptr, now);
    if (!name) return name.error();
    if (*name != request.name) return fail(ErrorCode::forbidden, "the token is for a node named " + name->value);
    return {};
}

}  // namespace

EnrolmentOffice::EnrolmentOffice(VenueStore& store, const Identity& identity, sync::VenueSettings venue)
    : store_(store), identity_(identity), venue_(std::move(venue)) {
    venue_.id = identity.venue;
    venue_.pepper = identity.pepper;
}

Result<sync::EnrolmentGrant> EnrolmentOffice::certify(const Writing& writing, const sync::EnrolmentRequest& request,
                                                      NodeId node) const {
    const auto from = writing.clock.wall;
    const WallTime until{from.value + std::chrono::milliseconds{certificate_life}.count()};
    auto tls = sync::issue_tls_certificate(identity_.ca, request.tls_request, request.name.value, from, until);
    if (!tls) return tls.error();
    const Certificate statement{identity_.venue, node,           request.name, request.signing_key,
                                request.tls_key, WallTime{from}, until};
    sync::EnrolmentGrant grant;
    grant.node = node;
    grant.certificate = issue_certificate(identity_.authority, statement);
    grant.tls_certificate = std::move(*tls);
    grant.ca = identity_.ca.certificate;
    grant.authority = identity_.authority.public_key();
    grant.central_certificate = identity_.certificate;
    grant.venue = venue_;
    return grant;
}

void EnrolmentOffice::enrol(sync::EnrolmentRequest request, std::function<void(Result<sync::EnrolmentGrant>)> answer) {
    const auto job = [this, request = std::move(request), answer](Writing& writing) -> Committed {
        const auto refuse = [&](const Error& why) -> Committed {
            log::warning("{} was not enrolled as {}: {}", request.peer, request.name.value, why.detail);
            return [answer, why](const Result<void>&) { answer(why); };
        };
        if (auto good = judge(writing.reader, request, writing.clock.wall); !good) return refuse(good.error());
        const auto node = next_node(known_nodes(writing.reader));
        if (!node) return refuse(node.error());
        auto grant = certify(writing, request, *node);
        if (!grant) return refuse(grant.error());
        const NodeEnrolled enrolled{*node, request.name, grant->certificate};
        if (auto kept = writing.journal.append(writing.ledger, enrolled, {}, writing.clock); !kept)
            return refuse(kept.error());
        log::info("{} is enrolled as node {} ({})", request.name.value, node->value, request.peer);
        return [answer, grant = std::move(*grant)](const Result<void>& outcome) {
            answer(outcome ? Result<sync::EnrolmentGrant>{grant} : Result<sync::EnrolmentGrant>{outcome.error()});
        };
    };
    store_.submit(job, [answer](const Error& why) { answer(why); });
}

}  // namespace gatehouse::central
