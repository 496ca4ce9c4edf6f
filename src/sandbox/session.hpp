#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "async/pool.hpp"
#include "sandbox/artefact_check.hpp"
#include "sandbox/channel.hpp"
#include "sandbox/child_process.hpp"
#include "sandbox/media_process.hpp"
#include "sandbox/outcome.hpp"
#include "sandbox/protocol/messages.hpp"

namespace movio::sandbox {

// The conversation with one child, from its hello to its last word. Whatever the child says is taken for hostile: a
// message that is not exactly what may come now ends the conversation with an error. One executor.
class Session {
public:
    // All must outlive the session. What the child made is read and checked on the pool `checks`.
    Session(Channel& channel, ChildProcess& child, Pool& checks, const MediaJob& job, const std::string& forbidden_act,
            ArtefactHandler& on_artefact, ProgressHandler& on_progress);

    // Throws what the source or the handler throws.
    Awaitable<Verdict> talk();

private:
    Awaitable<bool> send_order();
    Awaitable<bool> take(ChildMessage message, std::vector<UniqueFd> fds);
    Awaitable<void> answer_read(ReadRequest read);
    Awaitable<void> answer_wait(WaitRequest wait);
    Awaitable<void> take_artefact(ArtefactMessage message, std::vector<UniqueFd> fds);
    std::optional<std::string> check(ArtefactMessage& message, const UniqueFd& memory);
    void take_hello(const Hello& hello);
    void take_progress(Progress progress);
    void take_done();
    void refuse(std::string detail);

    Channel& channel_;
    ChildProcess& child_;
    Pool& checks_;
    const MediaJob& job_;
    const std::string& forbidden_act_;
    ArtefactHandler& on_artefact_;
    ProgressHandler& on_progress_;
    ArtefactCheck check_;
    UniqueFd window_;
    Verdict verdict_;
    int permille_ = -1;
    int progress_messages_ = 0;
    std::int64_t reads_ = 0;
    Arrived told_;  // of a growing source
};

}  // namespace movio::sandbox
