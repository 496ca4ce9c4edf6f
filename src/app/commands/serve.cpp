#include <csignal>
#include <iostream>
#include <thread>

#include <pthread.h>

#include "app/app.hpp"
#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/setting_values.hpp"
#include "base/log.hpp"
#include "http/listen.hpp"

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

// A command that only looks holds the folder for a moment; it is waited for.
Result<DataDirLock> take_lock(const std::filesystem::path& data_dir) {
    for (int tries_left = 30;; --tries_left) {
        auto lock = DataDirLock::try_take(data_dir);
        if (!lock) return std::unexpected(lock.error());
        if (*lock) return std::move(**lock);
        if (tries_left == 0)
            return fail(ErrorCode::conflict,
                        "another movio works on " + data_dir.string() + "; end that one, or choose another --data-dir");
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

void greet(const App& app, const CommandContext& context) {
    std::cout << "Movio serves on " << app.address() << '\n';
    if (!context.settings.text("server.public_url").empty()) std::cout << "It listens on port " << app.port() << '\n';
    std::cout << "Data: " << context.data_dir.string() << "\nAdd a film: movio ingest FILE\nStop with Ctrl-C."
              << std::endl;
}

}  // namespace

int run_serve(const CommandContext& context) {
    const EndSignals signals;
    const auto media = open_executable(context.media_executable);
    if (!media) {
        std::cerr << "movio: " << media.error().message << "; it belongs beside movio\n";
        return kExitFailure;
    }
    // As root: a port below 1024 is taken, then the rights go.
    const auto listen = parse_listen_address(context.settings.text("server.listen"));
    const int bound_socket = http::bind_tcp(listen->host, listen->port);
    if (auto entered = enter_data_dir(context.data_dir); !entered) {
        std::cerr << "movio: " << entered.error().message << '\n';
        return kExitFailure;
    }
    auto lock = take_lock(context.data_dir);
    if (!lock) {
        std::cerr << "movio: " << lock.error().message << '\n';
        return kExitFailure;
    }
    App app(context.settings, {context.data_dir, *media, bound_socket, true, true}, std::move(*lock));
    app.start();
    greet(app, context);
    const int signal_number = signals.wait();
    log_info("stopping", {{"signal", std::int64_t{signal_number}}});
    app.stop();
    return kExitDone;
}

}  // namespace movio::app
