#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace movio {

// Figures of this process, in the registry behind /metrics. Getting one costs a lock and a look-up, so keep it; using
// it is cheap and thread-safe. One live for as long as the process. A name has one kind, one help text and at most
// kMetricSeriesMax combinations of label values: what comes after those is counted under the value "other".
inline constexpr std::size_t kMetricSeriesMax = 500;

struct MetricLabel {
    std::string_view name;
    std::string_view value;
};

class Counter {
public:
    void add(std::int64_t amount = 1) const;

private:
    friend Counter counter(std::string_view, std::string_view, std::initializer_list<MetricLabel>);
    explicit Counter(void* series) : series_(series) {}
    void* series_;
};

class Gauge {
public:
    void set(std::int64_t value) const;
    void add(std::int64_t amount) const;

private:
    friend Gauge gauge(std::string_view, std::string_view, std::initializer_list<MetricLabel>);
    explicit Gauge(void* series) : series_(series) {}
    void* series_;
};

class Histogram {
public:
    void observe(double value) const;

private:
    friend Histogram histogram(std::string_view, std::string_view, const std::vector<double>&,
                               std::initializer_list<MetricLabel>);
    explicit Histogram(void* series) : series_(series) {}
    void* series_;
};

// Names as Prometheus wants them: `movio_http_requests_total`, unit last.
Counter counter(std::string_view name, std::string_view help, std::initializer_list<MetricLabel> labels = {});
Gauge gauge(std::string_view name, std::string_view help, std::initializer_list<MetricLabel> labels = {});
// `bounds` are the upper bounds of the buckets, rising; all series of one name have the same.
Histogram histogram(std::string_view name, std::string_view help, const std::vector<double>& bounds,
                    std::initializer_list<MetricLabel> labels = {});
// Upper bounds in seconds for the time of a request or of a call.
const std::vector<double>& duration_bounds();

// Everything in Prometheus' text format.
std::string metrics_text();

}  // namespace movio
