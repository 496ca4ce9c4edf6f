#include <csignal>
#include <filesystem>
#include <iostream>
#include <thread>

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

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

std::filesystem::path link_file(const std::filesystem::path& data_dir) { return data_dir / "first-admin-link"; }

void remove_link_file(const std::filesystem::path& data_dir) {
    std::error_code ignored;
    std::filesystem::remove(link_file(data_dir), ignored);
}

// What to say of the first administrator's link. At a terminal somebody looks at it; everything else is kept as a log
// is, where a secret must not stand: there it goes into a file.
std::string first_admin_words(const std::string& link, const std::filesystem::path& data_dir) {
    const std::string nobody = "Nobody can administer this server yet. ";
    if (isatty(STDOUT_FILENO) == 1) return nobody + "Open this link, which counts once:\n  " + link + "\n";
    const auto file = link_file(data_dir);
    const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const std::string line = link + "\n";
    const bool written = descriptor >= 0 && write(descriptor, line.data(), line.size()) == std::ssize(line);
    if (descriptor >= 0) close(descriptor);
    if (written) return nobody + "Open the link in " + file.string() + "\n";
    return nobody + "Add somebody: movio user add EMAIL --role admin\n";
}

void greet(const App& app, const CommandContext& context, const std::string& first_admin) {
    std::cout << "Movio serves on " << app.address() << '\n';
    if (!context.settings.text("server.public_url").empty()) std::cout << "It listens on port " << app.port() << '\n';
    std::cout << "Data: " << context.data_dir.string() << '\n'
              << first_admin << "Add a film: movio ingest FILE\nStop with Ctrl-C." << std::endl;
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
    remove_link_file(context.data_dir);
    const auto link = app.make_first_admin_link();
    greet(app, context, link ? first_admin_words(*link, context.data_dir) : std::string());
    const int signal_number = signals.wait();
    log_info("stopping", {{"signal", std::int64_t{signal_number}}});
    app.stop();
    remove_link_file(context.data_dir);
    return kExitDone;
}

}  // namespace movio::app
