namespace Cairn.Benchmarks.Policy;

/// <summary>What stands around: the ordinary lines of a note, and the places in which a token that needs no name is met.</summary>
internal static class Surroundings
{
    private static readonly string[] Lines =
    [
        "Decided to keep the queue in Postgres; Redis streams were lost twice during failover.",
        "The flaky test was a race: the worker closed the channel before the last ack.",
        "Next: move the importer to batches of 500 and look at the lock times again.",
        "Build is green again after pinning the SDK in global.json.",
        "Users on Windows still see CRLF in the generated file.",
        "See docs/adr/0014 for why retries are capped at five.",
        "The migration took 41 s on a copy of production, mostly the index on created_at.",
        "TODO from the review: rename OrderLine to LineItem everywhere.",
        "Rolled back at 14:20, the new pool size made things worse.",
        "It only happens when two tabs are open and one of them is idle for an hour.",
        "Cache hit rate went from 61 % to 93 % with the longer TTL.",
        "Ran into the proxy's 60 s limit; the export is now a background job.",
        "Notes from pairing with Ana on the billing service.",
        "The nightly job runs at 02:30 UTC and writes to the reports bucket.",
        "Do not upgrade the driver past 4.2 until the pooling bug is fixed.",
        "Local set-up: clone, run make dev, open port 8080.",
        "Feature flag checkout_v3 is on for ten per cent.",
        "$ git log --oneline -3",
        "$ kubectl rollout status deploy/orders",
        "2026-03-04T10:22:31Z INFO  worker started, 8 threads",
        "2026-03-04T10:22:34Z WARN  slow query, 1840 ms",
        "The agent summarised the session and proposed two follow-ups.",
        "Staging and production differ in the ingress class.",
        "Vitest needs --pool=forks here, threads crash in CI.",
    ];

    /// <summary>The text with up to three ordinary lines before it and behind it.</summary>
    public static string Around(Draw draw, string text) => Some(draw, before: true) + text + Some(draw, before: false);

    /// <summary>A token that is known by its own form, where people leave one. The label and the variable name its vendor, if anything does.</summary>
    public static string Of(Draw draw, string label, string variable, string token)
    {
        var secret = TextKind.Mark(token);
        return draw.Number(0, 25) switch
        {
            0 => $"{label}: {secret}",
            1 => $"export {variable}={secret}",
            2 => $"# .env\nLOG_LEVEL=debug\n{variable}=\"{secret}\"\nPORT=3000",
            3 => $"env:\n  - name: {variable}\n    value: {secret}\n  - name: PORT\n    value: \"3000\"",
            4 => $$"""{"region": "eu-west-1", "credential": "{{secret}}", "retries": 3}""",
            5 => $"const client = new Client(\"{secret}\");",
            6 => $"curl -s -H \"Authorization: Bearer {secret}\" https://{draw.Host()}/v1/me | jq .",
            7 => $"2026-04-1{draw.Digits(1)}T08:01:12Z WARN  auth: rejected {secret} (401), retrying",
            8 => $"I pasted {secret} into the CI settings and the deploy went through.",
            9 => $"The {label} for staging is `{secret}`, rotate it in June.",
            10 => $"| service | value | owner |\n|---|---|---|\n| {label} | {secret} | ops |",
            11 => $"docker run --rm -e {variable}={secret} -p 8080:8080 registry.local/app:1.4",
            12 => $"gh secret set {variable} --body \"{secret}\"",
            13 => $"client = Client(\"{secret}\", timeout=30)",
            14 => $"@@ -4,3 +4,3 @@\n-  value = null\n+  value = \"{secret}\"",
            15 => $"GET https://{draw.Host()}/v1/items?key={secret}&limit=10 returned 200",
            16 => $"<add key=\"{variable}\" value=\"{secret}\" />",
            17 => $"> bob: here you go {secret}\n> ana: thanks, works now",
            18 => $"- {secret} (ci bot, never expires)\n- ask Tomas for the other one",
            19 => $"variable \"deploy\" {{\n  default = \"{secret}\"\n}}",
            20 => $"Error: invalid credentials '{secret}' supplied by {draw.User()}",
            21 => $"headers: {{ \"x-api-key\": \"{secret}\" }},",
            22 => $"$ echo {secret} | tool login --stdin\nLogged in.",
            23 => $"We have to revoke {secret}.",
            24 => $"Old setup (token {secret}) is gone.",
            _ => $"Resolved: {label} was wrong in {draw.Host()}.\n{secret}\nworks since.",
        };
    }

    /// <summary>A value beside a name that says what it is, in the languages in which settings are written.</summary>
    public static string Named(Draw draw, string name, string value)
    {
        var secret = TextKind.Mark(value);
        var lower = name.ToLowerInvariant();
        return draw.Number(0, 17) switch
        {
            0 => $"{name}={secret}",
            1 => $"export {name}={secret}",
            2 => $"NODE_ENV=production\n{name}=\"{secret}\"\nPORT=8080",
            3 => $"{lower}: {secret}",
            4 => $"  {lower}: \"{secret}\"",
            5 => $$"""{"{{lower}}": "{{secret}}", "timeout": 30}""",
            6 => $"{lower} = \"{secret}\"",
            7 => $"{lower} = '{secret}'",
            8 => $"const {Camel(lower)} = \"{secret}\";",
            9 => $"docker run -d -e {name}={secret} app:latest",
            10 => $"ENV {name} {secret}",
            11 => $"- name: {name}\n  value: {secret}",
            12 => $"set {name}={secret}",
            13 => $"$env:{name} = \"{secret}\"",
            14 => $"fly secrets set {name}={secret}",
            15 => $"Environment=\"{name}={secret}\"",
            16 => $"os.environ[\"{name}\"] = \"{secret}\"",
            _ => $"{name} is {secret}",
        };
    }

    private static string Some(Draw draw, bool before)
    {
        var lines = string.Join('\n', Enumerable.Range(0, draw.Number(0, 3)).Select(_ => draw.Of(Lines)));
        return lines.Length == 0 ? "" : before ? lines + "\n" : "\n" + lines;
    }

    private static string Camel(string name)
    {
        var parts = name.Split('_');
        return parts[0] + string.Concat(parts.Skip(1).Select(Draw.Capital));
    }
}
