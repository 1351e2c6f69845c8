#include "drivers/printer/print_queue.hpp"

#include <algorithm>
#include <utility>

#include "schemas/base/check.hpp"

namespace gatehouse::drivers {

bool PrintQueue::add(const PrintRequested& request, Instant now, PrinterEffects& out) {
    if (request.papers.empty()) {
        out.emplace_back(ReportPrinted{request.id});
        return false;
    }
    if (jobs_.size() >= longest_) {
        out.emplace_back(ReportNotPrinted{request.id, NotPrintedReason::queue_full});
        return false;
    }
    jobs_.push_back({request, now, 0});
    return true;
}

void PrintQueue::cancel(PrintJobId id, PrinterEffects& out) {
    const auto job = std::ranges::find_if(jobs_, [id](const Job& each) { return each.request.id == id; });
    if (job == jobs_.end() || job->printed > 0 || is_under_way(*job)) return;
    jobs_.erase(job);
    out.emplace_back(ReportNotPrinted{id, NotPrintedReason::cancelled});
}

void PrintQueue::printer_is(PrinterState state, Instant now) {
    if (std::exchange(needs_a_person_, needs_a_person(state)) && !needs_a_person_) helped_ = now;
}

Instant PrintQueue::due(const Job& job) const {
    return (helped_ ? std::max(job.since, *helped_) : job.since) + waiting_;
}

void PrintQueue::expire(Instant now, PrinterEffects& out) {
    if (needs_a_person_) return;
    std::deque<Job> kept;
    for (auto& job : jobs_) {
        if (is_under_way(job) || now < due(job))
            kept.push_back(std::move(job));
        else if (job.printed > 0)
            out.emplace_back(ReportPrintUnknown{job.request.id, job.printed});
        else
            out.emplace_back(ReportNotPrinted{job.request.id, NotPrintedReason::waited_too_long});
    }
    jobs_ = std::move(kept);
}

std::optional<Instant> PrintQueue::deadline() const {
    std::optional<Instant> first;
    if (needs_a_person_) return first;
    for (const auto& job : jobs_)
        if (!is_under_way(job)) first = std::min(first.value_or(due(job)), due(job));
    return first;
}

const Bytes& PrintQueue::begin_paper() {
    check(!jobs_.empty() && !on_paper_, "one paper at a time");
    on_paper_ = true;
    return jobs_.front().request.papers[jobs_.front().printed];
}

void PrintQueue::paper_printed(Instant now, PrinterEffects& out) {
    check(on_paper_, "a paper was under way");
    on_paper_ = false;
    auto& job = jobs_.front();
    job.since = now;
    if (++job.printed < job.request.papers.size()) return;
    out.emplace_back(ReportPrinted{job.request.id});
    jobs_.pop_front();
}

std::size_t PrintQueue::lose_paper(PrinterEffects& out) {
    if (!std::exchange(on_paper_, false)) return 0;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    out.emplace_back(ReportPrintUnknown{job.request.id, job.printed});
    return job.request.papers[job.printed].size();
}

}  // namespace gatehouse::drivers
