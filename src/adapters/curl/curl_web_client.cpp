#include "adapters/curl/curl_web_client.hpp"

#include <array>
#include <memory>

#include <curl/curl.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "base/limits.hpp"

namespace movio {
namespace {

// Loaded when the first client is made: it brings thirty libraries with it, 5 MiB and 10 ms of every start, for which
// whoever has set up no provider has no use.
class Curl {
public:
    static const Curl& get() {
        static const Curl curl;
        return curl;
    }

    decltype(&curl_global_init) global_init = nullptr;
    decltype(&curl_easy_init) easy_init = nullptr;
    decltype(&curl_easy_setopt) easy_setopt = nullptr;
    decltype(&curl_easy_perform) easy_perform = nullptr;
    decltype(&curl_easy_getinfo) easy_getinfo = nullptr;
    decltype(&curl_easy_strerror) easy_strerror = nullptr;
    decltype(&curl_easy_cleanup) easy_cleanup = nullptr;
    decltype(&curl_slist_append) slist_append = nullptr;
    decltype(&curl_slist_free_all) slist_free_all = nullptr;

private:
    // The library stays until the process ends.
    Curl() : library_(dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL)) {
        if (library_ == nullptr) throw Failure(fmt::format("cannot load libcurl ({}); install libcurl4", dlerror()));
        find(global_init, "curl_global_init");
        find(easy_init, "curl_easy_init");
        find(easy_setopt, "curl_easy_setopt");
        find(easy_perform, "curl_easy_perform");
        find(easy_getinfo, "curl_easy_getinfo");
        find(easy_strerror, "curl_easy_strerror");
        find(easy_cleanup, "curl_easy_cleanup");
        find(slist_append, "curl_slist_append");
        find(slist_free_all, "curl_slist_free_all");
        if (global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw Failure("libcurl cannot begin");
    }

    template <class Function>
    void find(Function& function, const char* name) {
        function = reinterpret_cast<Function>(dlsym(library_, name));
        if (function == nullptr) throw Failure(fmt::format("libcurl has no {}", name));
    }

    void* library_;
};

struct EndCurl {
    void operator()(CURL* handle) const { Curl::get().easy_cleanup(handle); }
};
struct EndList {
    void operator()(curl_slist* list) const { Curl::get().slist_free_all(list); }
};

long ms_of(std::chrono::milliseconds time) { return static_cast<long>(time.count()); }

struct Collected {
    std::string body;
    bool too_large = false;
};

std::size_t collect(char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& collected = *static_cast<Collected*>(into);
    if (collected.body.size() + size * count > limits::kWebAnswerBytesMax) {
        collected.too_large = true;
        return 0;
    }
    collected.body.append(bytes, size * count);
    return size * count;
}

// The host alone: the rest of an address may hold a secret.
std::string host_of(std::string_view url) {
    const auto begin = url.find("://") + 3;
    return std::string(url.substr(begin, url.find_first_of("/?#", begin) - begin));
}

std::unexpected<Error> failure(CURLcode code, const char* told, const WebRequest& request, bool too_large) {
    const auto host = host_of(request.url);
    if (too_large) return fail(ErrorCode::too_large, fmt::format("The answer of {} is too large.", host));
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(ErrorCode::timeout, fmt::format("{} did not answer within {} s.", host, limits::kWebTime.count()));
    const auto* const why = *told != '\0' ? told : Curl::get().easy_strerror(code);
    return fail(ErrorCode::unavailable, fmt::format("{} could not be reached.", host), why);
}

// One exchange, blocking.
class Exchange {
public:
    explicit Exchange(const std::string& agent) : handle_(curl_.easy_init()) {
        if (!handle_) throw Failure("cannot make a request: curl refuses");
        set(CURLOPT_USERAGENT, agent.c_str());
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_CONNECTTIMEOUT_MS, ms_of(limits::kWebConnectTime));
        set(CURLOPT_TIMEOUT_MS, ms_of(limits::kWebTime));
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_ERRORBUFFER, told_.data());
        set(CURLOPT_WRITEFUNCTION, &collect);
        set(CURLOPT_WRITEDATA, &collected_);
    }

    Result<WebAnswer> run(const WebRequest& request) {
        set(CURLOPT_URL, request.url.c_str());
        const bool secure = request.url.starts_with("https:");
        set(CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
        // Plain http stays on this machine.
        if (!secure) set(CURLOPT_PROXY, "");
        if (request.form) {
            form_ = encode_form(*request.form);
            set(CURLOPT_POSTFIELDSIZE, static_cast<long>(form_.size()));
            set(CURLOPT_POSTFIELDS, form_.c_str());
        }
        if (!request.user.empty()) {
            set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
            set(CURLOPT_USERNAME, request.user.c_str());
            set(CURLOPT_PASSWORD, request.password.c_str());
        }
        add_header("Accept: application/json");
        if (!request.bearer.empty()) add_header("Authorization: Bearer " + request.bearer);
        set(CURLOPT_HTTPHEADER, headers_.get());
        const auto code = curl_.easy_perform(handle_.get());
        if (code != CURLE_OK) return failure(code, told_.data(), request, collected_.too_large);
        return answer();
    }

private:
    template <class T>
    void set(CURLoption option, T value) {
        if (curl_.easy_setopt(handle_.get(), option, value) != CURLE_OK)
            throw Failure(fmt::format("cannot make a request: curl refuses option {}", static_cast<int>(option)));
    }

    void add_header(const std::string& line) {
        auto* longer = curl_.slist_append(headers_.get(), line.c_str());
        if (longer == nullptr) throw Failure("cannot make a request: no memory");
        // The same list where it was not empty.
        static_cast<void>(headers_.release());
        headers_.reset(longer);
    }

    WebAnswer answer() {
        WebAnswer answer;
        long status = 0;
        const char* type = nullptr;
        curl_.easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        curl_.easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &type);
        answer.status = static_cast<int>(status);
        answer.content_type = type == nullptr ? "" : type;
        answer.body = std::move(collected_.body);
        return answer;
    }

    const Curl& curl_ = Curl::get();
    std::unique_ptr<CURL, EndCurl> handle_;
    std::unique_ptr<curl_slist, EndList> headers_;
    std::array<char, CURL_ERROR_SIZE> told_{};
    std::string form_;
    Collected collected_;
};

}  // namespace

CurlWebClient::CurlWebClient(std::string agent)
    : agent_(std::move(agent)), threads_("web", limits::kWebThreads, limits::kWebQueueMax) {
    Curl::get();
}

Awaitable<Result<WebAnswer>> CurlWebClient::ask(WebRequest request) {
    if (!may_be_asked(request.url))
        co_return fail(ErrorCode::invalid,
                       "Only https addresses are asked, and plain http on this machine alone; this is another one.",
                       request.url);
    co_return co_await on_pool(threads_, [&] { return Exchange(agent_).run(request); });
}

}  // namespace movio
