#include "tests/bench/box_office.hpp"

#include <utility>

#include "schemas/crypto/certificate.hpp"
#include "schemas/records/issued_codes.hpp"
#include "schemas/ticket/ticket_code.hpp"

namespace gatehouse::bench {

namespace {

constexpr std::uint16_t tickets_a_sale = 2;
constexpr Minor price{6000};
const ProductId product{"adult"};
constexpr RecordRef shift{box_office, Epoch{1}, Seq{2}};

}  // namespace

const SigningKey& bench_authority() {
    static const auto key = SigningKey::from_seed(Seed{1});
    return key;
}

Bytes bench_certificate(NodeId node, const std::string& name, const PublicKey& key) {
    return issue_certificate(
        bench_authority(),
        Certificate{bench_venue, node, NodeName{name}, key, {}, WallTime{0}, WallTime{bench_noon.value * 2}});
}

BoxOffice::BoxOffice(std::size_t tickets) {
    EpochOpened opening;
    opening.certificate = bench_certificate(box_office, "booth", key_.public_key());
    opening.software = "bench";
    put(std::move(opening));
    put(ShiftOpened{ClientId{"shift"}, WindowName{"window-1"}, Minor{50'000}});
    while (codes_.size() < tickets) sell(tickets - codes_.size() < tickets_a_sale ? 1 : tickets_a_sale);
}

void BoxOffice::put(Body body, ByteView extension) {
    const JournalId journal{box_office, Epoch{1}};
    Header header;
    header.node = journal.node;
    header.epoch = journal.epoch;
    header.seq = Seq{records_.size() + 1};
    header.prev = records_.empty() ? genesis_hash(bench_venue, journal) : records_.back().hash;
    header.wall = WallTime{bench_noon.value - 3'600'000};
    header.boot_ns = header.seq.value * 1'000'000ULL;
    header.business_date = bench_date;
    header.actor = OperatorName{"bench"};
    records_.push_back(ledger::make_record(std::move(header), std::move(body), extension));
}

void BoxOffice::sell(std::uint16_t tickets) {
    const RecordRef ref{box_office, Epoch{1}, Seq{records_.size() + 1}};
    Sale sale;
    sale.id = ClientId{"sale-" + std::to_string(ref.seq.value)};
    sale.window = WindowName{"window-1"};
    sale.shift = shift;
    sale.catalogue_version = 1;
    sale.total = Minor{price.value * tickets};
    sale.lines = {SaleLine{product, tickets, 1, std::nullopt, std::nullopt, price}};
    sale.tenders = {Tender{TenderKind::cash, TenderState::confirmed, sale.total, ""}};
    std::vector<IssuedCode> issued;
    for (std::uint16_t ordinal = 1; ordinal <= tickets; ++ordinal) {
        TicketPayload payload;
        payload.id = {ref, ordinal};
        payload.product = product;
        payload.valid_from = payload.valid_to = bench_date;
        payload.zones = {bench_zone};
        sale.tickets.push_back(encode_payload(payload).value());
        codes_.push_back(issue_code(key_, bench_venue, sale.tickets.back()));
        issued.push_back(issued_code(codes_.back()));
    }
    put(std::move(sale), issued_codes_extension(issued));
}

SignedHead BoxOffice::head_at(const ledger::Record& record) const {
    return sign_head(key_, bench_venue, record.ref().journal(), record.header.seq, record.hash);
}

}  // namespace gatehouse::bench
