#!/usr/bin/perl
# fork_workers.pl - fetches pages with HTTP::Tiny: a pool of processes, each with one request at a time.
#
# Only modules that come with Perl; https:// needs libio-socket-ssl-perl too.
use strict;
use warnings;
use Compress::Zlib qw(crc32 memGunzip);
use HTTP::Tiny;
use IO::Socket::IP; # else every process would load it, at its first request
use JSON::PP qw(decode_json);
use POSIX qw(_exit);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

$| = 1; # no buffer for standard output

sub read_job {
    open(my $file, '<', $ENV{BENCH_JOB}) or die "cannot read the job: $!\n";
    local $/;
    return decode_json(<$file>);
}

sub now_ns { return sprintf '%.0f', clock_gettime(CLOCK_MONOTONIC) * 1e9 }

# The name and the value of each header; a name that comes twice has a list of values.
sub headers_of {
    my ($job) = @_;
    my %headers = $job->{gzip} ? ('Accept-Encoding' => 'gzip') : ();
    for (@{ $job->{headers} }) {
        my ($name, $value) = split /:\s*/, $_, 2;
        push @{ $headers{$name} }, $value;
    }
    return \%headers;
}

sub client_of {
    my ($job) = @_;
    my %tls = $job->{ca_file} ? (SSL_ca_file => $job->{ca_file}) : ();
    return HTTP::Tiny->new(
        keep_alive   => $job->{connections} eq 'reuse',
        timeout      => $job->{timeout_s}, # of each wait
        max_redirect => 0,
        verify_SSL   => !$job->{insecure},
        SSL_options  => \%tls,
        agent        => 'bench-perl',
    );
}

# Fetches one page; returns the line that reports it.
sub fetch {
    my ($client, $job, $headers, $number) = @_;
    my $url     = $job->{urls}[$number];
    my ($host)  = $url =~ m{^https?://([^/:]+)};
    my $tries   = 0;
    my $peer    = sub { # called before a request is sent: HTTP::Tiny sends it twice if the first fails
        die "Sent once\n" if $tries++;
        return $job->{resolve}{$host} // $host;
    };
    my %options = (headers => {%$headers}, peer => $peer);

    my $start    = now_ns();
    my $response = $client->get($url, \%options);
    my $body     = $response->{content};
    $body = memGunzip($body) if ($response->{headers}{'content-encoding'} // '') eq 'gzip';
    my $end = now_ns();

    if ($response->{status} != 599) {
        return sprintf "%d %s %s %d %d %08x\n", $number, $start, $end, $response->{status},
            length $body, crc32($body);
    }
    $body =~ s/\s+/ /g;
    my $kind = $body =~ /^Timed out/ ? 'timeout: ' : $body =~ /connect|SSL/ ? 'connect: ' : '';
    return sprintf "%d %s %s error %s%.200s\n", $number, $start, $end, $kind, $body;
}

my $job = read_job();
die "https needs the package libio-socket-ssl-perl\n"
    if $job->{urls}[0] =~ /^https:/ && !HTTP::Tiny->can_ssl;

# The queue is a pipe of numbers, four bytes each. All workers read from it, until it is closed.
pipe(my $take, my $give) or die "pipe: $!\n";
pipe(my $results, my $report) or die "pipe: $!\n";
for (1 .. $job->{level}) {
    my $pid = fork() // die "fork: $!\n";
    next if $pid;
    close $give;
    my ($client, $headers) = (client_of($job), headers_of($job));
    while (sysread $take, my $number, 4) {
        syswrite $report, fetch($client, $job, $headers, unpack('N', $number));
    }
    _exit(0); # exit() would free all memory first
}
close $take;
close $report;

print "ready 1\n";
<STDIN>; # go
syswrite $give, pack('N', $_) for 0 .. $job->{requests} - 1;
close $give;
my @lines = map { scalar <$results> } 1 .. $job->{requests};
print "done\n", @lines, "end\n";
1 while wait() != -1;
