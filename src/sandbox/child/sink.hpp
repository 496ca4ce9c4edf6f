#pragma once
#include "media/format/artefact.hpp"
#include "sandbox/child/parent_link.hpp"

namespace movio::sandbox {

// Hands artefacts to the parent as sealed memfds. Encoding goes on while the parent stores one.
class LinkSink : public media::ArtefactSink {
public:
    explicit LinkSink(ParentLink& link) : link_(link) {}
    media::MediaResult<void> put(media::Artefact artefact) override;
    void progress(int permille) override;
    // The parent stops a child by killing it.
    bool stop_requested() const override { return false; }

private:
    ParentLink& link_;
    int last_permille_ = -1;
};

}  // namespace movio::sandbox
