#include "sandbox/self_report.hpp"

#include "base/json.hpp"
#include "sandbox/protocol/agreement.hpp"

namespace movio::sandbox {
namespace {

bool excused(std::string_view act) {
#if defined(MOVIO_SANITIZED)
    return act == kMemoryAct;
#else
    (void)act;
    return false;
#endif
}

}  // namespace

std::string unrefused_acts(std::string_view report) {
    const auto root = JsonView::parse(report);
    const auto acts = root ? root->find("acts") : std::nullopt;
    if (!acts || !acts->is_array() || acts->size() == 0) return "the report cannot be read";
    std::string out;
    for (std::size_t i = 0; i < acts->size(); ++i) {
        const auto act = acts->at(i);
        const std::string name = act.text_or("act", "?");
        if (act.boolean_or("denied", false) || excused(name)) continue;
        if (!out.empty()) out += ", ";
        out += name + " (" + act.text_or("how", "?") + ")";
    }
    return out;
}

}  // namespace movio::sandbox
