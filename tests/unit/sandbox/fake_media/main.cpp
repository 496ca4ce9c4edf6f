#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "sandbox/child/child_main.hpp"
#include "sandbox/protocol/agreement.hpp"
#include "sandbox/protocol/datagram.hpp"
#include "sandbox/protocol/messages.hpp"

// A media process whose "engine" does what the first word of its source says: the misdeeds that a decoder taken over
// by a file could try, and plain work to measure.
namespace {

using namespace movio;
using namespace movio::sandbox;
using media::Artefact;
using media::ArtefactKind;
using media::ArtefactSink;
using media::ByteSource;
using media::MediaResult;
using media::MediaStage;

Artefact index_artefact(const std::string& text) {
    Artefact artefact;
    artefact.kind = ArtefactKind::index;
    const auto bytes = as_bytes(text);
    artefact.bytes.assign(bytes.begin(), bytes.end());
    return artefact;
}

MediaResult<std::string> digest(ByteSource& source, std::size_t piece) {
    Sha256 sum;
    std::vector<std::byte> buffer(piece);
    for (std::int64_t at = 0;;) {
        const auto got = source.read_at(at, buffer);
        if (!got) return std::unexpected(got.error());
        if (*got == 0) break;
        sum.update(ByteView(buffer).first(*got));
        at += static_cast<std::int64_t>(*got);
    }
    return sum.finish_hex();
}

// Reading alone, nothing made of it.
MediaResult<std::int64_t> count_bytes(ByteSource& source, std::size_t piece) {
    std::vector<std::byte> buffer(piece);
    for (std::int64_t at = 0;;) {
        const auto got = source.read_at(at, buffer);
        if (!got) return std::unexpected(got.error());
        if (*got == 0) return at;
        at += static_cast<std::int64_t>(*got);
    }
}

// Small reads here and there, as a badly interleaved file makes a demuxer do.
MediaResult<std::string> scattered_digest(ByteSource& source) {
    constexpr int kReads = 4000;
    constexpr std::uint64_t kFactor = 6'364'136'223'846'793'005;  // Knuth's MMIX generator
    Sha256 sum;
    std::array<std::byte, 777> buffer{};
    std::uint64_t random = 1;
    for (int i = 0; i < kReads; ++i) {
        random = random * kFactor + 1;
        const auto offset = static_cast<std::int64_t>((random >> 20U) % static_cast<std::uint64_t>(source.size()));
        const auto got = source.read_at(offset, buffer);
        if (!got) return std::unexpected(got.error());
        sum.update(ByteView(buffer).first(*got));
    }
    return sum.finish_hex();
}

void say(std::string_view text, const std::vector<int>& fds = {}) { send_datagram(kChannelDescriptor, text, fds); }

void hand_over(const char* kind, std::int64_t bytes, const std::vector<int>& fds) {
    JsonWriter out;
    out.begin_object().member("type", "artefact").member("kind", kind).member("rendition", "").member("number", 0);
    out.member("ticks", 0).member("damaged", 0).member("bytes", bytes).end_object();
    say(out.take(), fds);
}

void wait_forever() {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

// Crashes and other ends.
bool end_badly(const std::string& word) {
    if (word == "segv") ::syscall(SYS_tgkill, ::getpid(), ::gettid(), SIGSEGV);
    if (word == "abort") std::abort();
    if (word == "killed") ::syscall(SYS_tgkill, ::getpid(), ::gettid(), SIGKILL);
    if (word == "socket") ::syscall(SYS_socket, 2, 1, 0);
    if (word == "exit") ::_exit(7);
    if (word == "throw") throw std::runtime_error("thrown on purpose");
    if (word == "memory") throw std::bad_alloc();
    if (word == "hang") wait_forever();
    if (word == "hang-up") {
        ::close(kChannelDescriptor);
        wait_forever();
    }
    if (word == "large-file") {
        const int fd = ::memfd_create("large", MFD_CLOEXEC);
        const std::vector<char> piece(16U << 20);
        for (int i = 0; i < 8; ++i) (void)!::write(fd, piece.data(), piece.size());
    }
    return false;
}

void send_bad_memory(const std::string& word) {
    constexpr std::int64_t kBytes = 3;
    const UniqueFd sealed = make_sealed_memfd("x", as_bytes("{ }"));
    if (word == "unsealed") {
        const UniqueFd open(::memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING));
        (void)!::write(open.get(), "{ }", kBytes);
        hand_over("index", kBytes, {open.get()});
    }
    if (word == "no-memfd") hand_over("index", kBytes, {STDERR_FILENO});
    if (word == "channel-as-memfd") hand_over("index", kBytes, {kChannelDescriptor});
    if (word == "wrong-size") hand_over("index", kBytes + 1, {sealed.get()});
    if (word == "huge-size") hand_over("index", 1LL << 50, {sealed.get()});
    if (word == "no-descriptor") hand_over("index", kBytes, {});
    if (word == "two-descriptors") hand_over("index", kBytes, {sealed.get(), sealed.get()});
    if (word == "unwanted-kind") hand_over("segment", kBytes, {sealed.get()});
    if (word == "unknown-kind") hand_over("secret", kBytes, {sealed.get()});
    if (word == "two-indexes") {
        hand_over("index", kBytes, {sealed.get()});
        hand_over("index", kBytes, {sealed.get()});
    }
    if (word == "descriptor-on-progress") say(R"({"type":"progress","permille":1})", {sealed.get()});
}

void break_the_protocol(const std::string& word) {
    if (word == "garbage") say("\xff\xfe not json");
    if (word == "unknown-type") say(R"({"type":"open","path":"/etc/passwd"})");
    if (word == "not-an-object") say("[1,2,3]");
    if (word == "hello-again") say(to_json(ChildMessage(Hello{kProtocolVersion, true, 7, 1})));
    if (word == "oversized") say(std::string(kDatagramBytesMax + 1, ' '));
    if (word == "deep") say(std::string(60'000, '['));
    if (word == "wait-for-nothing") say(R"({"type":"wait","bytes":1})");
    if (word == "permille") say(R"({"type":"progress","permille":1001})");
    if (word == "negative-read") say(R"({"type":"read","slot":0,"offset":-1,"length":1})");
    if (word == "far-slot") say(R"({"type":"read","slot":8,"offset":0,"length":1})");
    if (word == "long-read") say(R"({"type":"read","slot":0,"offset":0,"length":1048577})");
    if (word == "done-early") say(R"({"type":"done"})");
    if (word == "forged-error")
        say(R"({"type":"error","stage":"index","code":"cancelled","message":"a\nb","detail":"d"})");
    if (word == "flood") {
        for (;;) say(R"({"type":"progress","permille":5})");
    }
    if (word == "flood-reads") {
        for (;;) say(R"({"type":"read","slot":0,"offset":0,"length":1})");
    }
    send_bad_memory(word);
}

MediaResult<void> put_many(ArtefactSink& sink) {
    for (int track = 0; track < 32; ++track) {
        auto cues = index_artefact(R"({"cues":[]})");
        cues.kind = ArtefactKind::cues;
        cues.rendition = std::to_string(track);
        if (auto taken = sink.put(std::move(cues)); !taken) return taken;
        sink.progress(track * 30);
        sink.progress(track * 30);
    }
    return sink.put(index_artefact("{}"));
}

MediaResult<void> run_script(const std::string& word, ByteSource& source, ArtefactSink& sink) {
    if (word == "echo") return sink.put(index_artefact("{\"size\":" + std::to_string(source.size()) + "}"));
    if (word == "slow") {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return sink.put(index_artefact("{}"));
    }
    if (word == "burn") {
        while (std::clock() < CLOCKS_PER_SEC * 3 / 10) {
        }
        return sink.put(index_artefact("{}"));
    }
    if (word == "many") return put_many(sink);
    if (word == "touch") {
        const auto bytes = count_bytes(source, 32U << 10);
        if (!bytes) return std::unexpected(bytes.error());
        return sink.put(index_artefact("{\"bytes\":" + std::to_string(*bytes) + "}"));
    }
    if (word == "digest" || word == "scattered") {
        const auto sum = word == "digest" ? digest(source, 32U << 10) : scattered_digest(source);
        if (!sum) return std::unexpected(sum.error());
        return sink.put(index_artefact("{\"sha256\":\"" + *sum + "\"}"));
    }
    if (word == "refuse")
        return media::bad_media(MediaStage::index, ErrorCode::encrypted, "It is encrypted.", "drm\x01");
    if (word == "chatter") {
        const std::string line(1000, 'x');
        for (int i = 0; i < 2000; ++i) (void)!::write(STDERR_FILENO, line.data(), line.size());
        (void)!::write(STDERR_FILENO, "the end", 7);
        std::abort();
    }
    end_badly(word);
    break_the_protocol(word);
    wait_forever();
    return {};
}

MediaResult<void> run_work(const media::WorkOrder&, ByteSource* source, ArtefactSink& sink) {
    if (source == nullptr) return media::bad_media(MediaStage::open, ErrorCode::internal, "no source");
    std::array<std::byte, 64> head{};
    const auto got = source->read_at(0, head);
    if (!got) return std::unexpected(got.error());
    const std::string_view text = as_text(ByteView(head).first(*got));
    return run_script(std::string(text.substr(0, text.find(' '))), *source, sink);
}

std::string versions() { return "fake-media 1\n"; }

}  // namespace

int main(int argc, char** argv) {
    const Engine engine{.run_work = run_work, .versions = versions};
    return child_main(argc, argv, engine);
}
