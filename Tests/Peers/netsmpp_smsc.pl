#!/usr/bin/perl
# A foreign SMSC for tests: Net::SMPP (Debian: libnet-smpp-perl) packs and unpacks every PDU; this is the thin rest.
#
# Prints `PORT <n>` when it listens, then one JSON object a line: "bound", "refused", "submit", "receipt", "mo",
# "answer" (the client's answer to what we sent), "enquire_link", "unbound", "closed", "error".
# Commands are JSON objects, one a line on standard input, whose end ends it:
#   {"cmd": "mo", "source": "...", "destination": "...", "text": "..." or "hex": "...", "dataCoding": 0,
#    "esmClass": 0, "pdu": "deliver_sm"|"data_sm"}
#   {"cmd": "receipt", "messageId": "...", "stat": "UNDELIV", "pdu": "deliver_sm"|"data_sm"}
#   {"cmd": "enquire_link"}   {"cmd": "unbind"}   {"cmd": "drop"}
use strict;
use warnings;
use Encode qw(encode);
use Getopt::Long;
use IO::Select;
use JSON::PP;
use POSIX qw(strftime);
use Time::HiRes qw(time);
use Net::SMPP;

my %option = (host => '127.0.0.1', port => 0, receipts => 'DELIVRD', 'receipt-pdu' => 'deliver_sm',
              'receipt-delay' => 0, 'id-prefix' => 'netsmpp-', refuse => 0);
GetOptions(\%option, 'host=s', 'port=i', 'user=s', 'password=s', 'receipts=s', 'receipt-pdu=s', 'receipt-delay=f',
           'id-prefix=s', 'text-only', 'refuse=o', 'ignore-stdin') or die "$0: see its head\n";

my %STATE = (DELIVRD => 2, EXPIRED => 3, DELETED => 4, UNDELIV => 5, ACCEPTD => 6, UNKNOWN => 7, REJECTD => 8);
use constant { BIND_RECEIVER => 1, BIND_TRANSMITTER => 2, SUBMIT_SM => 4, UNBIND => 6, BIND_TRANSCEIVER => 9,
               ENQUIRE_LINK => 0x15, DATA_SM => 0x103 };

$| = 1;
$SIG{PIPE} = 'IGNORE';
# Net::SMPP warns of each end of a connection, and of tags that it does not know.
$SIG{__WARN__} = sub { print STDERR $_[0] unless $_[0] =~ /premature eof|^Unknown tag|Use of uninitialized/ };
my $json = JSON::PP->new->canonical->utf8;
sub say_event { my %fields = @_; print $json->encode(\%fields), "\n" }

my $listener = Net::SMPP->new_listen($option{host}, port => $option{port}, smpp_version => 0x34,
                                     interface_version => 0x34, system_id => 'NetSMPP', async => 1)
    or die "cannot listen: $!\n";
my $select = IO::Select->new($listener);
$select->add(\*STDIN) unless $option{'ignore-stdin'};
my ($sessions, $ids, $input) = (0, 0, '');
my (%session, %submit, @later);     # by file number; by message id; [time, code]
print 'PORT ', $listener->sockport, "\n";

while (1) {
    @later = sort { $a->[0] <=> $b->[0] } @later;
    my $wait = @later ? $later[0][0] - time : undef;
    my @ready = (defined $wait && $wait <= 0) ? () : $select->can_read($wait);
    while (@later && $later[0][0] <= time) { (shift @later)->[1]->() }
    for my $handle (@ready) {
        if ($handle == $listener) {
            my $new = $listener->accept or next;
            $new->set_version(0x34);
            $session{fileno $new} = { handle => $new, number => ++$sessions };
            $select->add($new);
        } elsif ($handle == \*STDIN) {
            sysread(STDIN, $input, 65536, length $input) or exit 0;
            while ($input =~ s/^(.*)\n//) { eval { command($1); 1 } or say_event(event => 'error', error => "$@") }
        } elsif (my $this = $session{fileno $handle}) {
            $! = 0;     # Net::SMPP's read_hard looks at a stale errno
            my $pdu = eval { $handle->read_pdu };
            $pdu ? received($this, $pdu) : ended($this);
        }
    }
}

sub ended {
    my ($this) = @_;
    say_event(event => 'unbound', session => $this->{number}) if delete $this->{bind};
    say_event(event => 'closed', session => $this->{number});
    delete $session{fileno $this->{handle}};
    $select->remove($this->{handle});
    close $this->{handle};
}

sub received {
    my ($this, $pdu) = @_;
    my ($handle, $cmd, $seq) = ($this->{handle}, $pdu->cmd, $pdu->seq);
    if ($cmd & 0x80000000) {
        say_event(event => 'answer', pdu => $pdu->explain_cmd, sequence => $seq, status => $pdu->status);
    } elsif ($cmd == BIND_RECEIVER || $cmd == BIND_TRANSMITTER || $cmd == BIND_TRANSCEIVER) {
        my $status = $this->{bind} ? 0x05
            : defined $option{user} && $pdu->{system_id} ne $option{user} ? 0x0f
            : defined $option{password} && $pdu->{password} ne $option{password} ? 0x0e : 0;
        my $answer = { BIND_RECEIVER, 'bind_receiver_resp', BIND_TRANSMITTER, 'bind_transmitter_resp',
                       BIND_TRANSCEIVER, 'bind_transceiver_resp' }->{$cmd};
        $handle->$answer(seq => $seq, status => $status, system_id => 'NetSMPP',
                         $status ? () : (sc_interface_version => pack 'C', 0x34));
        if ($status) { say_event(event => 'refused', session => $this->{number}, status => $status) }
        else {
            $this->{bind} = $cmd;
            say_event(event => 'bound', session => $this->{number}, systemId => $pdu->{system_id},
                      bind => $pdu->explain_cmd, systemType => $pdu->{system_type},
                      interfaceVersion => $pdu->{interface_version});
        }
    } elsif ($cmd == ENQUIRE_LINK) {
        $handle->enquire_link_resp(seq => $seq);
        say_event(event => 'enquire_link', session => $this->{number});
    } elsif ($cmd == UNBIND) {
        $handle->unbind_resp(seq => $seq);
        ended($this);
    } elsif ($cmd == SUBMIT_SM || $cmd == DATA_SM) {
        my $status = $this->{bind} && $this->{bind} != BIND_RECEIVER ? $option{refuse} : 0x04;
        my $id = $status ? '' : $option{'id-prefix'} . ++$ids;
        my $answer = $cmd == SUBMIT_SM ? 'submit_sm_resp' : 'data_sm_resp';
        $handle->$answer(seq => $seq, status => $status, message_id => $id);
        say_event(event => 'submit', messageId => $id, pdu => $pdu->explain_cmd, status => $status, describe($pdu));
        return if $status;
        $submit{$id} = $pdu;
        push @later, [time + $option{'receipt-delay'}, sub { receipt($id, $option{receipts}) }]
            if $option{receipts} ne 'none' && ($pdu->{registered_delivery} & 3);
    } else {
        $handle->generic_nack(seq => $seq, status => 0x03);
        say_event(event => 'error', error => sprintf 'command 0x%08x', $cmd);
    }
}

sub describe {
    my ($pdu) = @_;
    return (source => $pdu->{source_addr}, sourceTon => $pdu->{source_addr_ton}, sourceNpi => $pdu->{source_addr_npi},
            destination => $pdu->{destination_addr}, destinationTon => $pdu->{dest_addr_ton},
            destinationNpi => $pdu->{dest_addr_npi}, dataCoding => $pdu->{data_coding},
            esmClass => $pdu->{esm_class}, hex => unpack('H*', $pdu->{short_message} // ''),
            payload => unpack('H*', $pdu->{message_payload} // ''),
            protocolId => $pdu->{protocol_id}, priority => $pdu->{priority_flag}, serviceType => $pdu->{service_type},
            registeredDelivery => $pdu->{registered_delivery}, validityPeriod => $pdu->{validity_period} // '',
            tlvs => { map { sprintf('%04x', $_) => unpack 'H*', $pdu->{$_} } grep { /^\d+$/ } keys %$pdu });
}

sub has_receiver { return grep { $_->{bind} && $_->{bind} != BIND_TRANSMITTER } values %session }

sub receiver {
    my ($found) = grep { $_->{bind} && $_->{bind} != BIND_TRANSMITTER }
        sort { $b->{number} <=> $a->{number} } values %session;
    return $found ? $found->{handle} : die "no receiver is bound\n";
}

sub receipt {
    my ($id, $stat, $kind) = @_;
    my $to = $submit{$id} or die "no message $id\n";
    # Of a pair, the receiver may be bound a moment later: what it is to get is kept until then.
    if (!has_receiver()) {
        push @later, [time + 0.05, sub { receipt($id, $stat, $kind) }];
        return;
    }
    my $now = strftime '%y%m%d%H%M', gmtime;
    my $text = sprintf 'id:%s sub:001 dlvrd:%s submit date:%s done date:%s stat:%s err:000 text:',
        $id, $stat eq 'DELIVRD' ? '001' : '000', $now, $now, $stat;
    my @addresses = (source_addr_ton => $to->{dest_addr_ton}, source_addr_npi => $to->{dest_addr_npi},
                     source_addr => $to->{destination_addr}, dest_addr_ton => $to->{source_addr_ton},
                     dest_addr_npi => $to->{source_addr_npi}, destination_addr => $to->{source_addr});
    my @tlvs = $option{'text-only'} ? ()
        : (receipted_message_id => "$id\0", message_state => pack('C', $STATE{$stat} // die "no state $stat\n"));
    $kind //= $option{'receipt-pdu'};
    my $sequence = eval {
        $kind eq 'data_sm'
            ? receiver()->data_sm(async => 1, esm_class => 4, data_coding => 0, @addresses, @tlvs,
                                  message_payload => $text)
            : receiver()->deliver_sm(async => 1, esm_class => 4, data_coding => 0, @addresses,
                                     short_message => $text, @tlvs)
    } or return say_event(event => 'receipt', messageId => $id, stat => $stat, error => "$@");
    say_event(event => 'receipt', messageId => $id, stat => $stat, pdu => $kind, sequence => $sequence);
}

sub command {
    my $command = $json->decode($_[0]);
    my $what = $command->{cmd};
    if ($what eq 'mo') {
        my $coding = $command->{dataCoding} // 0;
        my $octets = defined $command->{hex} ? pack 'H*', $command->{hex}
            : encode($coding == 8 ? 'UTF-16BE' : 'ISO-8859-1', $command->{text});
        my $kind = $command->{pdu} // 'deliver_sm';
        my $sequence = receiver()->$kind(
            async => 1, source_addr_ton => 1, source_addr_npi => 1, source_addr => encode('ascii', $command->{source}),
            dest_addr_ton => 0, dest_addr_npi => 1, destination_addr => encode('ascii', $command->{destination}),
            esm_class => $command->{esmClass} // 0, data_coding => $coding,
            ($kind eq 'data_sm' ? 'message_payload' : 'short_message') => $octets);
        say_event(event => 'mo', sequence => $sequence);
    } elsif ($what eq 'receipt') { receipt($command->{messageId}, $command->{stat}, $command->{pdu}) }
    elsif ($what eq 'enquire_link') { receiver()->enquire_link(async => 1) }
    elsif ($what eq 'unbind') { receiver()->unbind(async => 1) }
    elsif ($what eq 'drop') { ended($_) for values %session }
    else { die "unknown command $what\n" }
}
