#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "media/format/artefact.hpp"
#include "media/format/work.hpp"

namespace movio::sandbox {

// Holds what a child hands over against what was ordered: only the parts asked for, each once, of a sane size, and
// with content that our own box reader finds to be what the plan says. Answers are nullopt when all is well, else
// what is wrong, for the log.
class ArtefactCheck {
public:
    // The order must outlive this.
    explicit ArtefactCheck(const media::WorkOrder& order);

    // By its head alone, before a byte is read.
    std::optional<std::string> head_fault(const media::Artefact& head, std::int64_t bytes) const;
    // With its bytes; counts it as delivered when nothing is wrong.
    std::optional<std::string> content_fault(const media::Artefact& artefact);
    // What was ordered and has not come.
    std::optional<std::string> missing() const;

private:
    using Key = std::pair<std::string, std::int64_t>;

    void expect(const media::SegmentRange& range);
    void expect_looks();
    void expect_sheets(bool preview);
    bool may_come(const media::Artefact& head) const;
    std::optional<std::string> image_fault(const media::Artefact& artefact);
    std::optional<std::string> figures_fault(const media::Artefact& artefact);
    std::optional<std::string> segment_fault(const media::Artefact& artefact) const;
    std::optional<std::string> init_fault(const media::Artefact& artefact) const;

    const media::WorkOrder& order_;
    std::set<Key> segments_;  // (rendition, n), still to come
    struct Inits {
        int may_come = 0;  // one for each range
        bool came = false;
        void count() {
            --may_come;
            came = true;
        }
    };
    std::map<std::string, Inits> inits_;  // by rendition
    int indexes_ = 0;                     // still to come
    std::set<std::string> images_;        // by name, still to come
    int cues_max_ = 0;
    // What may come and need not: it is not what the film plays from. Each once.
    std::string optional_image_;
    std::int64_t look_end_ = 0;           // a strip or a look may begin with any frame before it
    std::optional<std::int64_t> levels_;  // the segment that they begin with
    std::set<Key> came_;
    std::set<std::string> cues_;  // text tracks that came
};

}  // namespace movio::sandbox
