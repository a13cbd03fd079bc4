import { Button, Divider, Text } from '@mantine/core';
import { useState } from 'react';
import { format, messages } from '../messages/messages.ts';
import { type OpenIdProvider, providers, reachable } from './openid/providers.ts';

interface ProviderButtonsProps {
  onRefusal(text: string): void;
}

/** A button for each OpenID provider at which people may sign in. */
export function ProviderButtons({ onRefusal }: ProviderButtonsProps) {
  const [leavingTo, setLeavingTo] = useState<string>();
  const texts = messages.signIn;
  if (providers.length === 0) return null;

  async function start({ name, endpoints }: OpenIdProvider) {
    const provider = endpoints && reachable(endpoints.issuer);
    // The policy of this page lets it call the provider only if the server knew its addresses.
    if (!provider) return location.reload();
    setLeavingTo(name);
    try {
      const { startSignIn } = await import('./openid/client.ts');
      await startSignIn(provider);
    } catch (error) {
      setLeavingTo(undefined);
      onRefusal(format(messages.failed, { message: (error as Error).message }));
    }
  }

  return (
    <>
      {/* The hashes of PKCE are computed by an interface that browsers have on https pages only. */}
      {!isSecureContext && <Text size="sm">{texts.needsHttps}</Text>}
      {isSecureContext &&
        providers.map((provider) => (
          <div key={provider.name}>
            {!provider.endpoints && <Text size="sm">{texts.providerUnreachable}</Text>}
            <Button
              fullWidth
              variant={provider.endpoints ? 'filled' : 'default'}
              loading={leavingTo === provider.name}
              onClick={() => start(provider)}
            >
              {format(provider.endpoints ? texts.withProvider : texts.retryProvider, { name: provider.name })}
            </Button>
          </div>
        ))}
      <Divider label={texts.orByKey} labelPosition="center" />
    </>
  );
}
