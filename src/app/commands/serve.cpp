#include <csignal>
#include <iostream>

#include <pthread.h>

#include "app/app.hpp"
#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "base/log.hpp"

namespace movio::app {
namespace {

// Blocked before any thread starts, so that only `wait` sees them.
class EndSignals {
public:
    EndSignals() {
        sigemptyset(&set_);
        sigaddset(&set_, SIGINT);
        sigaddset(&set_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);  // a client that leaves in the middle of sendfile(2)
    }
    int wait() const {
        int number = 0;
        sigwait(&set_, &number);
        return number;
    }

private:
    sigset_t set_{};
};

void greet(const App& app, const CommandContext& context) {
    std::cout << "Movio serves on " << app.address() << '\n';
    if (!context.settings.text("server.public_url").empty()) std::cout << "It listens on port " << app.port() << '\n';
    std::cout << "Data: " << context.data_dir.string() << "\nAdd a film: movio ingest FILE\nStop with Ctrl-C."
              << std::endl;
}

}  // namespace

int run_serve(const CommandContext& context) {
    const EndSignals signals;
    if (const auto problems = problems_of(context); !problems.empty()) {
        for (const auto& problem : problems) std::cerr << "movio: " << problem << '\n';
        return kExitFailure;
    }
    const auto media = open_executable(context.media_executable);
    if (!media) {
        std::cerr << "movio: " << media.error().message << "; it belongs beside movio\n";
        return kExitFailure;
    }
    if (auto entered = enter_data_dir(context.data_dir); !entered) {
        std::cerr << "movio: " << entered.error().message << '\n';
        return kExitFailure;
    }
    auto lock = DataDirLock::try_take(context.data_dir);
    if (!lock || !*lock) {
        std::cerr << "movio: " << (lock ? "another movio works on " + context.data_dir.string() : lock.error().message)
                  << '\n';
        return kExitFailure;
    }
    App app(context.settings, {context.data_dir, *media, true, true}, std::move(**lock));
    app.start();
    greet(app, context);
    const int signal_number = signals.wait();
    log_info("stopping", {{"signal", std::int64_t{signal_number}}});
    app.stop();
    return kExitDone;
}

}  // namespace movio::app
